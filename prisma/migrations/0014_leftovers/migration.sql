-- What an earlier installation left in the store, and the receipts of segments in Shopify and metafields.

-- CreateTable
CREATE TABLE "leftover" (
    "shop_id" BIGINT NOT NULL,
    "kind" TEXT NOT NULL,
    "ref" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "detail" TEXT NOT NULL DEFAULT '',
    "state" TEXT NOT NULL DEFAULT 'asked',
    "sure" BOOLEAN NOT NULL DEFAULT false,
    "found_at" TIMESTAMPTZ(6) NOT NULL,
    "decided_at" TIMESTAMPTZ(6),
    "failure" TEXT,
    "not_before" TIMESTAMPTZ(6),
    "attempts" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "leftover_pkey" PRIMARY KEY ("shop_id","kind","ref")
);

-- CreateTable
CREATE TABLE "reach_write" (
    "shop_id" BIGINT NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "kind" TEXT NOT NULL,
    "act" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "remote_id" TEXT,
    "amount" INTEGER NOT NULL DEFAULT 1,
    "at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "reach_write_pkey" PRIMARY KEY ("shop_id","id")
);

-- AlterTable
ALTER TABLE "leaving" ADD COLUMN     "searched_at" TIMESTAMPTZ(6);

-- Row-level security: what Prisma's schema cannot express.
ALTER TABLE "leftover" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "leftover" FORCE ROW LEVEL SECURITY;
CREATE POLICY "one_shop" ON "leftover" USING ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint) WITH CHECK ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint);
ALTER TABLE "reach_write" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "reach_write" FORCE ROW LEVEL SECURITY;
CREATE POLICY "one_shop" ON "reach_write" USING ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint) WITH CHECK ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint);
