-- How often old tags that could not be removed were tried again.
ALTER TABLE "tag_rename" ADD COLUMN "tries" INTEGER NOT NULL DEFAULT 0;
