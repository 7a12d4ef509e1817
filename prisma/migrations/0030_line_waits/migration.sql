-- A bound has left somebody out: a place that comes free is for the first in line.
ALTER TABLE "offer" ADD COLUMN "line_waits" BOOLEAN NOT NULL DEFAULT false;
-- Whom an offer is over for is written first.
DROP INDEX "tag_outbox_shop_id_queued_at_customer_id_idx";
CREATE INDEX "tag_outbox_shop_id_offer_over_queued_at_customer_id_idx" ON "tag_outbox"("shop_id", "offer_over" DESC, "queued_at", "customer_id");
