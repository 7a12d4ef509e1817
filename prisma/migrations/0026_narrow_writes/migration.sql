-- What was discarded is not written with the tag of an offer that is over. What a claim takes off is known.
ALTER TABLE "tag_outbox" ADD COLUMN "only_over" BOOLEAN NOT NULL DEFAULT false,
    ADD COLUMN "removing" TEXT[] DEFAULT ARRAY[]::TEXT[];
