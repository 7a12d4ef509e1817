-- Offers: discounts on segments, who holds them, the discounts in Shopify that carry them, and leaving.

-- CreateTable
CREATE TABLE "offer" (
    "shop_id" BIGINT NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "segment_id" BIGINT NOT NULL,
    "name" TEXT NOT NULL,
    "tag_name" TEXT NOT NULL,
    "terms" JSONB NOT NULL,
    "state" TEXT NOT NULL,
    "starts_on" DATE NOT NULL,
    "ends_on" DATE NOT NULL,
    "keep_days" INTEGER NOT NULL DEFAULT 14,
    "most_holders" INTEGER,
    "most_cost_minor" BIGINT,
    "way" TEXT NOT NULL,
    "code" TEXT,
    "slot" INTEGER,
    "made_at" TIMESTAMPTZ(6) NOT NULL,
    "ended_at" TIMESTAMPTZ(6),
    "end_cause" TEXT,

    CONSTRAINT "offer_pkey" PRIMARY KEY ("shop_id","id")
);

-- CreateTable
CREATE TABLE "offer_holder" (
    "shop_id" BIGINT NOT NULL,
    "offer_id" BIGINT NOT NULL,
    "customer_id" BIGINT NOT NULL,
    "since" TIMESTAMPTZ(6) NOT NULL,
    "cause" TEXT NOT NULL,
    "most_minor" BIGINT NOT NULL DEFAULT 0,
    "until" DATE,
    "ended_at" TIMESTAMPTZ(6),
    "end_cause" TEXT,

    CONSTRAINT "offer_holder_pkey" PRIMARY KEY ("shop_id","offer_id","customer_id")
);

-- CreateTable
CREATE TABLE "offer_order" (
    "shop_id" BIGINT NOT NULL,
    "order_id" BIGINT NOT NULL,
    "customer_id" BIGINT NOT NULL,
    "state" TEXT NOT NULL,
    "offer_id" BIGINT,
    "taken_minor" BIGINT NOT NULL DEFAULT 0,
    "at" TIMESTAMPTZ(6) NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "offer_order_pkey" PRIMARY KEY ("shop_id","order_id")
);

-- CreateTable
CREATE TABLE "offer_discount" (
    "shop_id" BIGINT NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "way" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "offer_id" BIGINT,
    "slot" INTEGER,
    "title" TEXT NOT NULL,
    "discount_id" TEXT,
    "segment_id" TEXT,
    "segment_name" TEXT,
    "intended_at" TIMESTAMPTZ(6),
    "written" TEXT,
    "seen" TEXT,
    "edited" JSONB,
    "fault" TEXT,
    "not_before" TIMESTAMPTZ(6),
    "attempts" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "offer_discount_pkey" PRIMARY KEY ("shop_id","id")
);

-- CreateTable
CREATE TABLE "discount_write" (
    "shop_id" BIGINT NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "kind" TEXT NOT NULL,
    "act" TEXT NOT NULL,
    "outcome" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "remote_id" TEXT,
    "at" TIMESTAMPTZ(6) NOT NULL,
    "reason" TEXT,

    CONSTRAINT "discount_write_pkey" PRIMARY KEY ("shop_id","id")
);

-- CreateTable
CREATE TABLE "leaving" (
    "shop_id" BIGINT NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "actor" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "step" TEXT NOT NULL,
    "started_at" TIMESTAMPTZ(6) NOT NULL,
    "finished_at" TIMESTAMPTZ(6),
    "found" JSONB NOT NULL DEFAULT '{}',
    "receipt" JSONB,
    "after_tag_write" BIGINT NOT NULL DEFAULT 0,
    "after_discount_write" BIGINT NOT NULL DEFAULT 0,
    "after_reach_write" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "leaving_pkey" PRIMARY KEY ("shop_id","id")
);

-- AlterTable
ALTER TABLE "shop_settings" ADD COLUMN     "offer_gap_days" INTEGER NOT NULL DEFAULT 30;

-- CreateIndex
CREATE UNIQUE INDEX "offer_shop_id_tag_name_key" ON "offer"("shop_id", "tag_name");

-- CreateIndex
CREATE INDEX "offer_shop_id_segment_id_idx" ON "offer"("shop_id", "segment_id");

-- CreateIndex
CREATE INDEX "offer_holder_shop_id_customer_id_idx" ON "offer_holder"("shop_id", "customer_id");

-- CreateIndex
CREATE INDEX "offer_order_shop_id_customer_id_idx" ON "offer_order"("shop_id", "customer_id");

-- CreateIndex
CREATE INDEX "offer_order_shop_id_state_idx" ON "offer_order"("shop_id", "state");

-- Row-level security: what Prisma's schema cannot express.
ALTER TABLE "offer" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "offer" FORCE ROW LEVEL SECURITY;
CREATE POLICY "one_shop" ON "offer" USING ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint) WITH CHECK ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint);
ALTER TABLE "offer_holder" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "offer_holder" FORCE ROW LEVEL SECURITY;
CREATE POLICY "one_shop" ON "offer_holder" USING ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint) WITH CHECK ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint);
ALTER TABLE "offer_order" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "offer_order" FORCE ROW LEVEL SECURITY;
CREATE POLICY "one_shop" ON "offer_order" USING ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint) WITH CHECK ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint);
ALTER TABLE "offer_discount" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "offer_discount" FORCE ROW LEVEL SECURITY;
CREATE POLICY "one_shop" ON "offer_discount" USING ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint) WITH CHECK ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint);
ALTER TABLE "discount_write" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "discount_write" FORCE ROW LEVEL SECURITY;
CREATE POLICY "one_shop" ON "discount_write" USING ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint) WITH CHECK ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint);
ALTER TABLE "leaving" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "leaving" FORCE ROW LEVEL SECURITY;
CREATE POLICY "one_shop" ON "leaving" USING ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint) WITH CHECK ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint);
