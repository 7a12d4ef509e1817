-- From when to when an app discount of ours served an offer: an order that is heard of later counts for the offer of its time.

-- CreateTable
CREATE TABLE "offer_served" (
    "shop_id" BIGINT NOT NULL,
    "offer_id" BIGINT NOT NULL,
    "title" TEXT NOT NULL,
    "since" TIMESTAMPTZ(6) NOT NULL,
    "until" TIMESTAMPTZ(6),

    CONSTRAINT "offer_served_pkey" PRIMARY KEY ("shop_id","offer_id","title","since")
);

-- What is served now was served since it was made, as far as is known.
INSERT INTO "offer_served" ("shop_id", "offer_id", "title", "since") SELECT DISTINCT d."shop_id", o."id", d."title", o."made_at" FROM "offer_discount" d CROSS JOIN LATERAL jsonb_array_elements(d."served"::jsonb -> 'serves') AS one JOIN "offer" o ON o."shop_id" = d."shop_id" AND o."id" = (one ->> 'id')::bigint WHERE d."served" IS NOT NULL AND d."discount_id" IS NOT NULL;

-- Row-level security: what the schema of Prisma cannot express.
ALTER TABLE "offer_served" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "offer_served" FORCE ROW LEVEL SECURITY;
CREATE POLICY "one_shop" ON "offer_served" USING ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint) WITH CHECK ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint);
