-- A code's uses in all go on where other terms make another discount.
ALTER TABLE "offer_discount" ADD COLUMN "uses_from" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "offer_discount" ADD COLUMN "spent" INTEGER NOT NULL DEFAULT 0;
