-- Where Shopify refuses bulk operations the import reads page by page. What Shopify lets the app do is kept.

-- AlterTable
ALTER TABLE "import_part" ADD COLUMN     "way" TEXT NOT NULL DEFAULT 'bulk',
ADD COLUMN     "after_id" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN     "hidden" TEXT[] DEFAULT ARRAY[]::TEXT[];

-- CreateTable
CREATE TABLE "shopify_standing" (
    "shop_id" BIGINT NOT NULL,
    "subject" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "since" TIMESTAMPTZ(6) NOT NULL,
    "seen_at" TIMESTAMPTZ(6) NOT NULL,
    "why" TEXT NOT NULL DEFAULT '',

    CONSTRAINT "shopify_standing_pkey" PRIMARY KEY ("shop_id","subject")
);

-- Row-level security: what Prisma's schema cannot express.
ALTER TABLE "shopify_standing" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "shopify_standing" FORCE ROW LEVEL SECURITY;
CREATE POLICY "one_shop" ON "shopify_standing" USING ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint) WITH CHECK ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint);
