-- The day on which the limit of tag writes kept somebody waiting: what is not a tag does not wait for those.

-- AlterTable
ALTER TABLE "tag_day" ADD COLUMN "reached" BOOLEAN NOT NULL DEFAULT false;
