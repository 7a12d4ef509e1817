-- What erased customers have taken off with an offer stays in its sums, without the customers.
ALTER TABLE "offer" ADD COLUMN "erased_uses" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "offer" ADD COLUMN "erased_taken_minor" BIGINT NOT NULL DEFAULT 0;
