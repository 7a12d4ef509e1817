-- What was before a change of many, so that taking it back is exact. Runs over the whole store that can be cancelled. When a change was counted.

-- AlterTable
ALTER TABLE "mass_member" ADD COLUMN "since" TIMESTAMPTZ(6),
    ADD COLUMN "cause" TEXT,
    ADD COLUMN "rule_version" INTEGER,
    ADD COLUMN "cut_points_version" INTEGER,
    ADD COLUMN "evidence" JSONB,
    ADD COLUMN "held_until" DATE,
    ADD COLUMN "left_on" DATE;

-- CreateTable
CREATE TABLE "membership_kept" (
    "shop_id" BIGINT NOT NULL,
    "segment_id" BIGINT NOT NULL,
    "customer_id" BIGINT NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL,
    "cause" TEXT NOT NULL,
    "held_until" DATE,
    "left_on" DATE,

    CONSTRAINT "membership_kept_pkey" PRIMARY KEY ("shop_id","at","segment_id","customer_id")
);

-- CreateIndex
CREATE INDEX "membership_kept_shop_id_customer_id_idx" ON "membership_kept"("shop_id", "customer_id");

-- AlterTable
ALTER TABLE "background_run" ADD COLUMN "id" BIGSERIAL NOT NULL,
    ADD COLUMN "way_back" JSONB,
    ADD COLUMN "cancelled_at" TIMESTAMPTZ(6);

-- AlterTable
ALTER TABLE "segment_change" ADD COLUMN "counted_at" TIMESTAMPTZ(6);

-- Row-level security: what the schema of Prisma cannot express.
ALTER TABLE "membership_kept" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "membership_kept" FORCE ROW LEVEL SECURITY;
CREATE POLICY "one_shop" ON "membership_kept" USING ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint) WITH CHECK ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint);
