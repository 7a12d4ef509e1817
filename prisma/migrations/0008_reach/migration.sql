-- The ways out of the app that are not tags: segments in Shopify, metafields, Flow.

-- CreateTable
CREATE TABLE "reach_settings" (
    "shop_id" BIGINT NOT NULL,
    "metafields" TEXT NOT NULL DEFAULT 'off',
    "metafields_since" TIMESTAMPTZ(6),
    "metafields_defined" BOOLEAN NOT NULL DEFAULT false,
    "metafields_failure" TEXT,
    "contact_from" INTEGER NOT NULL DEFAULT 9,
    "contact_to" INTEGER NOT NULL DEFAULT 20,

    CONSTRAINT "reach_settings_pkey" PRIMARY KEY ("shop_id")
);

-- CreateTable
CREATE TABLE "segment_reach" (
    "shop_id" BIGINT NOT NULL,
    "segment_id" BIGINT NOT NULL,
    "native" TEXT NOT NULL DEFAULT 'none',
    "flow" BOOLEAN NOT NULL DEFAULT true,
    "flow_refit" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "segment_reach_pkey" PRIMARY KEY ("shop_id","segment_id")
);

-- CreateTable
CREATE TABLE "native_segment" (
    "shop_id" BIGINT NOT NULL,
    "segment_id" BIGINT NOT NULL,
    "shopify_id" BIGINT,
    "name" TEXT NOT NULL DEFAULT '',
    "query" TEXT NOT NULL DEFAULT '',
    "state" TEXT NOT NULL DEFAULT 'making',
    "mark_name" TEXT NOT NULL DEFAULT '',
    "mark_query" TEXT NOT NULL DEFAULT '',
    "written_at" TIMESTAMPTZ(6),
    "repaired" TEXT,
    "repaired_at" TIMESTAMPTZ(6),
    "members" INTEGER,
    "expected" INTEGER,
    "pending" INTEGER NOT NULL DEFAULT 0,
    "without" INTEGER NOT NULL DEFAULT 0,
    "counted_at" TIMESTAMPTZ(6),
    "differs_at" TIMESTAMPTZ(6),
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "not_before" TIMESTAMPTZ(6),
    "failure" TEXT,

    CONSTRAINT "native_segment_pkey" PRIMARY KEY ("shop_id","segment_id")
);

-- CreateTable
CREATE TABLE "metafield_outbox" (
    "shop_id" BIGINT NOT NULL,
    "customer_id" BIGINT NOT NULL,
    "queued_at" TIMESTAMPTZ(6) NOT NULL,
    "generation" BIGINT NOT NULL DEFAULT 1,
    "not_before" TIMESTAMPTZ(6) NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "last_error" TEXT,

    CONSTRAINT "metafield_outbox_pkey" PRIMARY KEY ("shop_id","customer_id")
);

-- CreateTable
CREATE TABLE "metafield_written" (
    "shop_id" BIGINT NOT NULL,
    "customer_id" BIGINT NOT NULL,
    "digests" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "metafield_written_pkey" PRIMARY KEY ("shop_id","customer_id")
);

-- CreateTable
CREATE TABLE "flow_run" (
    "shop_id" BIGINT NOT NULL,
    "id" BIGINT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'running',
    "started_at" TIMESTAMPTZ(6) NOT NULL,
    "total" INTEGER NOT NULL,
    "actor" TEXT NOT NULL,
    "not_before" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "flow_run_pkey" PRIMARY KEY ("shop_id","id")
);

-- CreateTable
CREATE TABLE "flow_event" (
    "shop_id" BIGINT NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "trigger" TEXT NOT NULL,
    "segment_id" BIGINT,
    "customer_id" BIGINT,
    "title" TEXT NOT NULL DEFAULT '',
    "detail" TEXT NOT NULL DEFAULT '',
    "at" TIMESTAMPTZ(6) NOT NULL,
    "wait_until" TIMESTAMPTZ(6),
    "run_id" BIGINT,
    "state" TEXT NOT NULL DEFAULT 'waiting',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "queued_at" TIMESTAMPTZ(6) NOT NULL,
    "not_before" TIMESTAMPTZ(6) NOT NULL,
    "finished_at" TIMESTAMPTZ(6),
    "last_error" TEXT,

    CONSTRAINT "flow_event_pkey" PRIMARY KEY ("shop_id","id")
);

-- CreateTable
CREATE TABLE "flow_action_run" (
    "shop_id" BIGINT NOT NULL,
    "run_id" TEXT NOT NULL,
    "customer_id" BIGINT NOT NULL,
    "received_at" TIMESTAMPTZ(6) NOT NULL,
    "done_at" TIMESTAMPTZ(6),

    CONSTRAINT "flow_action_run_pkey" PRIMARY KEY ("shop_id","run_id")
);

-- CreateTable
CREATE TABLE "attention" (
    "shop_id" BIGINT NOT NULL,
    "key" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "message" TEXT NOT NULL,
    "since" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "attention_pkey" PRIMARY KEY ("shop_id","key")
);

-- CreateIndex
CREATE INDEX "metafield_outbox_shop_id_not_before_idx" ON "metafield_outbox"("shop_id", "not_before");

-- CreateIndex
CREATE INDEX "flow_event_shop_id_state_not_before_idx" ON "flow_event"("shop_id", "state", "not_before");

-- CreateIndex
CREATE INDEX "flow_event_shop_id_customer_id_idx" ON "flow_event"("shop_id", "customer_id");

-- CreateIndex
CREATE INDEX "flow_action_run_shop_id_customer_id_idx" ON "flow_action_run"("shop_id", "customer_id");

-- Row-level security: what Prisma's schema cannot express.
ALTER TABLE "reach_settings" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "reach_settings" FORCE ROW LEVEL SECURITY;
CREATE POLICY "one_shop" ON "reach_settings" USING ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint) WITH CHECK ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint);
ALTER TABLE "segment_reach" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "segment_reach" FORCE ROW LEVEL SECURITY;
CREATE POLICY "one_shop" ON "segment_reach" USING ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint) WITH CHECK ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint);
ALTER TABLE "native_segment" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "native_segment" FORCE ROW LEVEL SECURITY;
CREATE POLICY "one_shop" ON "native_segment" USING ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint) WITH CHECK ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint);
ALTER TABLE "metafield_outbox" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "metafield_outbox" FORCE ROW LEVEL SECURITY;
CREATE POLICY "one_shop" ON "metafield_outbox" USING ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint) WITH CHECK ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint);
ALTER TABLE "metafield_written" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "metafield_written" FORCE ROW LEVEL SECURITY;
CREATE POLICY "one_shop" ON "metafield_written" USING ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint) WITH CHECK ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint);
ALTER TABLE "flow_run" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "flow_run" FORCE ROW LEVEL SECURITY;
CREATE POLICY "one_shop" ON "flow_run" USING ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint) WITH CHECK ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint);
ALTER TABLE "flow_event" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "flow_event" FORCE ROW LEVEL SECURITY;
CREATE POLICY "one_shop" ON "flow_event" USING ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint) WITH CHECK ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint);
ALTER TABLE "flow_action_run" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "flow_action_run" FORCE ROW LEVEL SECURITY;
CREATE POLICY "one_shop" ON "flow_action_run" USING ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint) WITH CHECK ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint);
ALTER TABLE "attention" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "attention" FORCE ROW LEVEL SECURITY;
CREATE POLICY "one_shop" ON "attention" USING ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint) WITH CHECK ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint);
