-- AlterTable
ALTER TABLE "shop_settings"
  ADD COLUMN "postal_codes" BOOLEAN NOT NULL DEFAULT false,
  ADD COLUMN "metafields" JSONB NOT NULL DEFAULT '[]';

-- AlterTable
ALTER TABLE "customer"
  ADD COLUMN "shopify_spend_tier" TEXT,
  ADD COLUMN "subscriber_status" TEXT,
  ADD COLUMN "zip" TEXT,
  ADD COLUMN "zip_stamp" TEXT;

-- AlterTable
ALTER TABLE "orders"
  ADD COLUMN "staff_created" BOOLEAN NOT NULL DEFAULT false,
  ADD COLUMN "journey_first_utm_source" TEXT,
  ADD COLUMN "journey_first_utm_medium" TEXT,
  ADD COLUMN "journey_first_utm_content" TEXT,
  ADD COLUMN "journey_first_utm_term" TEXT,
  ADD COLUMN "journey_last_utm_source" TEXT,
  ADD COLUMN "journey_last_utm_medium" TEXT,
  ADD COLUMN "journey_last_utm_campaign" TEXT,
  ADD COLUMN "journey_last_utm_content" TEXT,
  ADD COLUMN "journey_last_utm_term" TEXT,
  ADD COLUMN "channel" TEXT,
  ADD COLUMN "channel_stamp" TEXT,
  ADD COLUMN "location_id" BIGINT,
  ADD COLUMN "location_stamp" TEXT,
  ADD COLUMN "return_open" BOOLEAN,
  ADD COLUMN "dispute_lost" BOOLEAN,
  ADD COLUMN "care_stamp" TEXT,
  ADD COLUMN "selling_plan" BOOLEAN NOT NULL DEFAULT false,
  ADD COLUMN "subscription" TEXT;

-- AlterTable
ALTER TABLE "order_line"
  ADD COLUMN "selling_plan" BOOLEAN NOT NULL DEFAULT false;

-- AlterTable
ALTER TABLE "product"
  ADD COLUMN "handle" TEXT NOT NULL DEFAULT '',
  ADD COLUMN "collections_read_at" TIMESTAMPTZ(6);

-- CreateTable
CREATE TABLE "collection" (
    "shop_id" BIGINT NOT NULL,
    "id" BIGINT NOT NULL,
    "title" TEXT NOT NULL DEFAULT '',
    "handle" TEXT NOT NULL DEFAULT '',
    "updated_at" TIMESTAMPTZ(6),
    "core_stamp" TEXT,
    "products_read_at" TIMESTAMPTZ(6),
    "deleted_at" TIMESTAMPTZ(6),

    CONSTRAINT "collection_pkey" PRIMARY KEY ("shop_id","id")
);

-- CreateTable
CREATE TABLE "product_collection" (
    "shop_id" BIGINT NOT NULL,
    "product_id" BIGINT NOT NULL,
    "collection_id" BIGINT NOT NULL,
    "seen_at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "product_collection_pkey" PRIMARY KEY ("shop_id","product_id","collection_id")
);

-- CreateTable
CREATE TABLE "location" (
    "shop_id" BIGINT NOT NULL,
    "id" BIGINT NOT NULL,
    "name" TEXT NOT NULL DEFAULT '',
    "name_stamp" TEXT,

    CONSTRAINT "location_pkey" PRIMARY KEY ("shop_id","id")
);

-- CreateTable
CREATE TABLE "customer_metafield" (
    "shop_id" BIGINT NOT NULL,
    "customer_id" BIGINT NOT NULL,
    "namespace_key" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "value" TEXT,
    "number_value" DECIMAL(30,9),
    "date_value" DATE,
    "stamp" TEXT NOT NULL,

    CONSTRAINT "customer_metafield_pkey" PRIMARY KEY ("shop_id","customer_id","namespace_key")
);

-- CreateIndex
CREATE INDEX "order_line_shop_id_product_id_idx" ON "order_line"("shop_id", "product_id");

-- CreateIndex
CREATE INDEX "product_collection_shop_id_collection_id_product_id_idx" ON "product_collection"("shop_id", "collection_id", "product_id");

-- Row-level security: what Prisma's schema cannot express.
ALTER TABLE "collection" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "collection" FORCE ROW LEVEL SECURITY;
CREATE POLICY "one_shop" ON "collection" USING ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint) WITH CHECK ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint);
ALTER TABLE "product_collection" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "product_collection" FORCE ROW LEVEL SECURITY;
CREATE POLICY "one_shop" ON "product_collection" USING ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint) WITH CHECK ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint);
ALTER TABLE "location" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "location" FORCE ROW LEVEL SECURITY;
CREATE POLICY "one_shop" ON "location" USING ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint) WITH CHECK ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint);
ALTER TABLE "customer_metafield" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "customer_metafield" FORCE ROW LEVEL SECURITY;
CREATE POLICY "one_shop" ON "customer_metafield" USING ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint) WITH CHECK ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint);
