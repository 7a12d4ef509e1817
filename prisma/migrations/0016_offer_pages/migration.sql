-- Offers that many hold: their holders and those who wait for one are gone through in portions. Orders that Shopify does not show yet are asked about again later.

-- AlterTable
ALTER TABLE "offer_order" ADD COLUMN "not_before" TIMESTAMPTZ(6);

-- Partial indexes: what Prisma's schema cannot express.
CREATE INDEX "offer_holder_held_idx" ON "offer_holder" ("shop_id", "offer_id", "until", "customer_id") WHERE "ended_at" IS NULL;
CREATE INDEX "membership_entered_idx" ON "membership" ("shop_id", "segment_id", "since", "customer_id") WHERE "cause" IN ('order', 'refund', 'edit', 'merge', 'consent', 'product', 'clock', 'manual');
