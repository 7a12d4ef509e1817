-- Whose tags wait for a person's decision loses the tag of an offer that is over all the same.
ALTER TABLE "tag_outbox" ADD COLUMN "offer_over" BOOLEAN NOT NULL DEFAULT false;
