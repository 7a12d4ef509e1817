-- What an offer has taken off is summed for its bound on cost.
CREATE INDEX "offer_order_shop_id_offer_id_idx" ON "offer_order"("shop_id", "offer_id");
