-- Tags at any size: hand edits and alerts, tags found in the store, what cannot be written, measured rates, a limit on
-- writes a day, renames, and the control group.

-- AlterTable
ALTER TABLE "shop_settings" ADD COLUMN     "writes_a_day" INTEGER;

-- AlterTable
ALTER TABLE "tag_owned" ADD COLUMN     "lost_in" BIGINT;

-- AlterTable
ALTER TABLE "tag_write" ADD COLUMN     "remote_at" TIMESTAMPTZ(6);

-- AlterTable
ALTER TABLE "tag_bulk" ADD COLUMN     "done_lines" INTEGER NOT NULL DEFAULT 0;

-- CreateTable
CREATE TABLE "tag_edit" (
    "shop_id" BIGINT NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "customer_id" BIGINT NOT NULL,
    "tag_key" TEXT NOT NULL,
    "tag" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL,
    "noticed_at" TIMESTAMPTZ(6) NOT NULL,
    "alert_id" BIGINT,
    "actor" TEXT NOT NULL DEFAULT '',

    CONSTRAINT "tag_edit_pkey" PRIMARY KEY ("shop_id","id")
);

-- CreateTable
CREATE TABLE "tag_alert" (
    "shop_id" BIGINT NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'open',
    "at" TIMESTAMPTZ(6) NOT NULL,
    "noticed_at" TIMESTAMPTZ(6) NOT NULL,
    "removed" INTEGER NOT NULL DEFAULT 0,
    "decided_at" TIMESTAMPTZ(6),
    "actor" TEXT,

    CONSTRAINT "tag_alert_pkey" PRIMARY KEY ("shop_id","id")
);

-- CreateTable
CREATE TABLE "tag_found" (
    "shop_id" BIGINT NOT NULL,
    "customer_id" BIGINT NOT NULL,
    "tag_key" TEXT NOT NULL,
    "tag" TEXT NOT NULL,
    "found_at" TIMESTAMPTZ(6) NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'asked',

    CONSTRAINT "tag_found_pkey" PRIMARY KEY ("shop_id","customer_id","tag_key")
);

-- CreateTable
CREATE TABLE "tag_impossible" (
    "shop_id" BIGINT NOT NULL,
    "customer_id" BIGINT NOT NULL,
    "tag_key" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "tag_impossible_pkey" PRIMARY KEY ("shop_id","customer_id","tag_key")
);

-- CreateTable
CREATE TABLE "tag_held_out" (
    "shop_id" BIGINT NOT NULL,
    "segment_id" BIGINT NOT NULL,
    "customer_id" BIGINT NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "tag_held_out_pkey" PRIMARY KEY ("shop_id","segment_id","customer_id")
);

-- CreateTable
CREATE TABLE "tag_rate" (
    "shop_id" BIGINT NOT NULL,
    "way" TEXT NOT NULL,
    "per_second" DOUBLE PRECISION NOT NULL,
    "overhead_seconds" DOUBLE PRECISION NOT NULL DEFAULT 0,
    "samples" INTEGER NOT NULL,
    "measured_at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "tag_rate_pkey" PRIMARY KEY ("shop_id","way")
);

-- CreateTable
CREATE TABLE "tag_day" (
    "shop_id" BIGINT NOT NULL,
    "day" DATE NOT NULL,
    "writes" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "tag_day_pkey" PRIMARY KEY ("shop_id","day")
);

-- CreateTable
CREATE TABLE "tag_rename" (
    "shop_id" BIGINT NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'adding',
    "what" TEXT NOT NULL,
    "from_name" TEXT NOT NULL,
    "to_name" TEXT NOT NULL,
    "started_at" TIMESTAMPTZ(6) NOT NULL,
    "finished_at" TIMESTAMPTZ(6),
    "actor" TEXT NOT NULL,
    "message" TEXT,
    "total" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "tag_rename_pkey" PRIMARY KEY ("shop_id","id")
);

-- CreateTable
CREATE TABLE "tag_former" (
    "shop_id" BIGINT NOT NULL,
    "rename_id" BIGINT NOT NULL,
    "segment_id" BIGINT NOT NULL,
    "tag" TEXT NOT NULL,
    "tag_key" TEXT NOT NULL,

    CONSTRAINT "tag_former_pkey" PRIMARY KEY ("shop_id","rename_id","segment_id")
);

-- CreateIndex
CREATE INDEX "tag_owned_shop_id_tag_key_idx" ON "tag_owned"("shop_id", "tag_key");

-- CreateIndex
CREATE INDEX "tag_owned_shop_id_lost_in_idx" ON "tag_owned"("shop_id", "lost_in");

-- CreateIndex
CREATE INDEX "tag_edit_shop_id_noticed_at_idx" ON "tag_edit"("shop_id", "noticed_at");

-- CreateIndex
CREATE INDEX "tag_edit_shop_id_customer_id_id_idx" ON "tag_edit"("shop_id", "customer_id", "id");

-- CreateIndex
CREATE INDEX "tag_found_shop_id_tag_key_idx" ON "tag_found"("shop_id", "tag_key");

-- CreateIndex
CREATE INDEX "tag_impossible_shop_id_tag_key_idx" ON "tag_impossible"("shop_id", "tag_key");

-- CreateIndex
CREATE INDEX "tag_held_out_shop_id_customer_id_idx" ON "tag_held_out"("shop_id", "customer_id");

-- CreateIndex
CREATE INDEX "tag_write_shop_id_tag_id_idx" ON "tag_write"("shop_id", "tag", "id");

-- Row-level security: what Prisma's schema cannot express.
ALTER TABLE "tag_edit" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "tag_edit" FORCE ROW LEVEL SECURITY;
CREATE POLICY "one_shop" ON "tag_edit" USING ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint) WITH CHECK ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint);
ALTER TABLE "tag_alert" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "tag_alert" FORCE ROW LEVEL SECURITY;
CREATE POLICY "one_shop" ON "tag_alert" USING ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint) WITH CHECK ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint);
ALTER TABLE "tag_found" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "tag_found" FORCE ROW LEVEL SECURITY;
CREATE POLICY "one_shop" ON "tag_found" USING ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint) WITH CHECK ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint);
ALTER TABLE "tag_impossible" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "tag_impossible" FORCE ROW LEVEL SECURITY;
CREATE POLICY "one_shop" ON "tag_impossible" USING ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint) WITH CHECK ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint);
ALTER TABLE "tag_held_out" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "tag_held_out" FORCE ROW LEVEL SECURITY;
CREATE POLICY "one_shop" ON "tag_held_out" USING ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint) WITH CHECK ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint);
ALTER TABLE "tag_rate" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "tag_rate" FORCE ROW LEVEL SECURITY;
CREATE POLICY "one_shop" ON "tag_rate" USING ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint) WITH CHECK ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint);
ALTER TABLE "tag_day" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "tag_day" FORCE ROW LEVEL SECURITY;
CREATE POLICY "one_shop" ON "tag_day" USING ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint) WITH CHECK ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint);
ALTER TABLE "tag_rename" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "tag_rename" FORCE ROW LEVEL SECURITY;
CREATE POLICY "one_shop" ON "tag_rename" USING ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint) WITH CHECK ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint);
ALTER TABLE "tag_former" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "tag_former" FORCE ROW LEVEL SECURITY;
CREATE POLICY "one_shop" ON "tag_former" USING ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint) WITH CHECK ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint);
