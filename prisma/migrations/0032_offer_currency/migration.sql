-- The currency that the money of an offer's terms is in: the shop may take on another one.
ALTER TABLE "offer" ADD COLUMN "currency" TEXT;

-- Of offers with money, of whichever store: the policy would hide them.
ALTER TABLE "offer" NO FORCE ROW LEVEL SECURITY;
ALTER TABLE "shop_settings" NO FORCE ROW LEVEL SECURITY;
UPDATE "offer" o SET "currency" = s."currency" FROM "shop_settings" s
 WHERE s."shop_id" = o."shop_id"
   AND (o."terms" -> 'gives' ->> 'kind' = 'amount' OR o."terms" -> 'minimum' ->> 'subtotalMinor' IS NOT NULL
        OR o."most_cost_minor" IS NOT NULL);
ALTER TABLE "shop_settings" FORCE ROW LEVEL SECURITY;
ALTER TABLE "offer" FORCE ROW LEVEL SECURITY;
