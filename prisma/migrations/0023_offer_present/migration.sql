-- An offer is given in portions to those who were in its segment when a person said so.

-- CreateTable
CREATE TABLE "offer_present" (
    "shop_id" BIGINT NOT NULL,
    "offer_id" BIGINT NOT NULL,
    "customer_id" BIGINT NOT NULL,
    "since" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "offer_present_pkey" PRIMARY KEY ("shop_id","offer_id","customer_id")
);

-- CreateIndex
CREATE INDEX "offer_present_shop_id_customer_id_idx" ON "offer_present"("shop_id", "customer_id");

-- Row-level security: what the schema of Prisma cannot express.
ALTER TABLE "offer_present" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "offer_present" FORCE ROW LEVEL SECURITY;
CREATE POLICY "one_shop" ON "offer_present" USING ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint) WITH CHECK ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint);
