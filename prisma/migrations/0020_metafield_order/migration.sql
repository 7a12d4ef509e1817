-- Metafields are written in the order of the outbox, so many at a time: the next ones are found without sorting all.
DROP INDEX "metafield_outbox_shop_id_not_before_idx";
CREATE INDEX "metafield_outbox_shop_id_not_before_customer_id_idx" ON "metafield_outbox"("shop_id", "not_before", "customer_id");
