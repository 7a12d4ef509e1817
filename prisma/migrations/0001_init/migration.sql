-- CreateTable
CREATE TABLE "shop" (
    "id" BIGSERIAL NOT NULL,
    "domain" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'installed',
    "shopify_id" BIGINT,
    "installed_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "uninstalled_at" TIMESTAMPTZ(6),

    CONSTRAINT "shop_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "shop_lock" (
    "shop_id" BIGINT NOT NULL,

    CONSTRAINT "shop_lock_pkey" PRIMARY KEY ("shop_id")
);

-- CreateTable
CREATE TABLE "shop_due" (
    "shop_id" BIGINT NOT NULL,
    "work" TEXT NOT NULL,
    "due_at" TIMESTAMPTZ(6) NOT NULL,
    "version" BIGINT NOT NULL DEFAULT 1,

    CONSTRAINT "shop_due_pkey" PRIMARY KEY ("shop_id","work")
);

-- CreateTable
CREATE TABLE "session" (
    "id" TEXT NOT NULL,
    "shop" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "isOnline" BOOLEAN NOT NULL DEFAULT false,
    "scope" TEXT,
    "expires" TIMESTAMPTZ(6),
    "accessToken" TEXT NOT NULL,
    "userId" BIGINT,
    "firstName" TEXT,
    "lastName" TEXT,
    "email" TEXT,
    "accountOwner" BOOLEAN NOT NULL DEFAULT false,
    "locale" TEXT,
    "collaborator" BOOLEAN DEFAULT false,
    "emailVerified" BOOLEAN DEFAULT false,
    "refreshToken" TEXT,
    "refreshTokenExpires" TIMESTAMPTZ(6),

    CONSTRAINT "session_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "shop_settings" (
    "shop_id" BIGINT NOT NULL,
    "name" TEXT NOT NULL DEFAULT '',
    "currency" TEXT NOT NULL DEFAULT 'USD',
    "iana_timezone" TEXT NOT NULL DEFAULT 'UTC',
    "plan" TEXT NOT NULL DEFAULT '',
    "scopes" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "tag_prefix" TEXT NOT NULL DEFAULT 'regulars-',
    "policy" JSONB NOT NULL DEFAULT '{}',
    "policy_version" INTEGER NOT NULL DEFAULT 1,
    "salt" TEXT NOT NULL DEFAULT '',
    "writes_stopped_at" TIMESTAMPTZ(6),
    "first_imported_at" TIMESTAMPTZ(6),
    "last_synced_at" TIMESTAMPTZ(6),
    "reconciled_to" TIMESTAMPTZ(6),

    CONSTRAINT "shop_settings_pkey" PRIMARY KEY ("shop_id")
);

-- CreateTable
CREATE TABLE "inbox" (
    "shop_id" BIGINT NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "webhook_id" TEXT NOT NULL,
    "topic" TEXT NOT NULL,
    "api_version" TEXT NOT NULL,
    "triggered_at" TIMESTAMPTZ(6),
    "event_id" TEXT,
    "received_at" TIMESTAMPTZ(6) NOT NULL,
    "payload" BYTEA,
    "state" TEXT NOT NULL DEFAULT 'waiting',
    "finished_at" TIMESTAMPTZ(6),
    "reason" TEXT,

    CONSTRAINT "inbox_pkey" PRIMARY KEY ("shop_id","id")
);

-- CreateTable
CREATE TABLE "reread" (
    "shop_id" BIGINT NOT NULL,
    "kind" TEXT NOT NULL,
    "object_id" BIGINT NOT NULL,
    "queued_at" TIMESTAMPTZ(6) NOT NULL,
    "not_before" TIMESTAMPTZ(6) NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "version" BIGINT NOT NULL DEFAULT 1,
    "reason" TEXT NOT NULL,

    CONSTRAINT "reread_pkey" PRIMARY KEY ("shop_id","kind","object_id")
);

-- CreateTable
CREATE TABLE "import_run" (
    "shop_id" BIGINT NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'running',
    "started_at" TIMESTAMPTZ(6) NOT NULL,
    "finished_at" TIMESTAMPTZ(6),
    "step" TEXT NOT NULL DEFAULT 'reading',
    "step_done" BIGINT NOT NULL DEFAULT 0,
    "step_total" BIGINT NOT NULL DEFAULT 0,
    "message" TEXT,

    CONSTRAINT "import_run_pkey" PRIMARY KEY ("shop_id","id")
);

-- CreateTable
CREATE TABLE "import_part" (
    "shop_id" BIGINT NOT NULL,
    "run_id" BIGINT NOT NULL,
    "kind" TEXT NOT NULL,
    "bulk_id" TEXT,
    "state" TEXT NOT NULL DEFAULT 'starting',
    "url" TEXT,
    "read_started_at" TIMESTAMPTZ(6),
    "object_count" BIGINT NOT NULL DEFAULT 0,
    "lines_done" BIGINT NOT NULL DEFAULT 0,
    "byte_offset" BIGINT NOT NULL DEFAULT 0,
    "file_size" BIGINT,
    "message" TEXT,

    CONSTRAINT "import_part_pkey" PRIMARY KEY ("shop_id","run_id","kind")
);

-- CreateTable
CREATE TABLE "customer" (
    "shop_id" BIGINT NOT NULL,
    "id" BIGINT NOT NULL,
    "created_at" TIMESTAMPTZ(6),
    "updated_at" TIMESTAMPTZ(6),
    "state" TEXT,
    "verified_email" BOOLEAN,
    "core_stamp" TEXT,
    "locale" TEXT,
    "locale_stamp" TEXT,
    "country_code" TEXT,
    "province_code" TEXT,
    "city" TEXT,
    "address_stamp" TEXT,
    "email_consent" TEXT,
    "email_consent_stamp" TEXT,
    "sms_consent" TEXT,
    "sms_consent_stamp" TEXT,
    "shopify_orders" BIGINT,
    "shopify_spent_minor" BIGINT,
    "shopify_totals_stamp" TEXT,
    "shopify_rfm_group" TEXT,
    "shopify_rfm_stamp" TEXT,
    "tags" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "tags_stamp" TEXT,
    "deleted_at" TIMESTAMPTZ(6),

    CONSTRAINT "customer_pkey" PRIMARY KEY ("shop_id","id")
);

-- CreateTable
CREATE TABLE "customer_alias" (
    "shop_id" BIGINT NOT NULL,
    "old_id" BIGINT NOT NULL,
    "kept_id" BIGINT NOT NULL,

    CONSTRAINT "customer_alias_pkey" PRIMARY KEY ("shop_id","old_id")
);

-- CreateTable
CREATE TABLE "redacted_customer" (
    "shop_id" BIGINT NOT NULL,
    "digest" BYTEA NOT NULL,
    "redacted_at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "redacted_customer_pkey" PRIMARY KEY ("shop_id","digest")
);

-- CreateTable
CREATE TABLE "orders" (
    "shop_id" BIGINT NOT NULL,
    "id" BIGINT NOT NULL,
    "name" TEXT NOT NULL DEFAULT '',
    "customer_id" BIGINT,
    "created_at" TIMESTAMPTZ(6) NOT NULL,
    "processed_at" TIMESTAMPTZ(6) NOT NULL,
    "updated_at" TIMESTAMPTZ(6) NOT NULL,
    "cancelled_at" TIMESTAMPTZ(6),
    "test" BOOLEAN NOT NULL DEFAULT false,
    "financial_status" TEXT,
    "currency" TEXT NOT NULL,
    "presentment_currency" TEXT,
    "total_minor" BIGINT NOT NULL,
    "current_total_minor" BIGINT NOT NULL,
    "net_payment_minor" BIGINT NOT NULL,
    "refunded_minor" BIGINT NOT NULL DEFAULT 0,
    "subtotal_minor" BIGINT NOT NULL DEFAULT 0,
    "tax_minor" BIGINT NOT NULL DEFAULT 0,
    "shipping_minor" BIGINT NOT NULL DEFAULT 0,
    "discount_minor" BIGINT NOT NULL DEFAULT 0,
    "gift_card_minor" BIGINT NOT NULL DEFAULT 0,
    "company_order" BOOLEAN NOT NULL DEFAULT false,
    "source_name" TEXT,
    "tags" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "discount_codes" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "core_stamp" TEXT NOT NULL,
    "journey_first_source" TEXT,
    "journey_last_source" TEXT,
    "journey_campaign" TEXT,
    "journey_stamp" TEXT,
    "deleted_at" TIMESTAMPTZ(6),

    CONSTRAINT "orders_pkey" PRIMARY KEY ("shop_id","id")
);

-- CreateTable
CREATE TABLE "order_line" (
    "shop_id" BIGINT NOT NULL,
    "order_id" BIGINT NOT NULL,
    "id" BIGINT NOT NULL,
    "product_id" BIGINT,
    "variant_id" BIGINT,
    "title" TEXT NOT NULL DEFAULT '',
    "sku" TEXT,
    "vendor" TEXT,
    "quantity" INTEGER NOT NULL,
    "current_quantity" INTEGER NOT NULL,
    "total_minor" BIGINT NOT NULL,
    "discounted_minor" BIGINT NOT NULL,
    "gift_card" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "order_line_pkey" PRIMARY KEY ("shop_id","order_id","id")
);

-- CreateTable
CREATE TABLE "order_refund" (
    "shop_id" BIGINT NOT NULL,
    "order_id" BIGINT NOT NULL,
    "id" BIGINT NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL,
    "refunded_minor" BIGINT NOT NULL,

    CONSTRAINT "order_refund_pkey" PRIMARY KEY ("shop_id","order_id","id")
);

-- CreateTable
CREATE TABLE "product" (
    "shop_id" BIGINT NOT NULL,
    "id" BIGINT NOT NULL,
    "title" TEXT NOT NULL DEFAULT '',
    "vendor" TEXT NOT NULL DEFAULT '',
    "product_type" TEXT NOT NULL DEFAULT '',
    "status" TEXT NOT NULL DEFAULT '',
    "tags" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "created_at" TIMESTAMPTZ(6),
    "updated_at" TIMESTAMPTZ(6),
    "core_stamp" TEXT,
    "deleted_at" TIMESTAMPTZ(6),

    CONSTRAINT "product_pkey" PRIMARY KEY ("shop_id","id")
);

-- CreateTable
CREATE TABLE "profile" (
    "shop_id" BIGINT NOT NULL,
    "customer_id" BIGINT NOT NULL,
    "orders" INTEGER NOT NULL DEFAULT 0,
    "spent_minor" BIGINT NOT NULL DEFAULT 0,
    "biggest_order_minor" BIGINT NOT NULL DEFAULT 0,
    "first_order_at" TIMESTAMPTZ(6),
    "last_order_at" TIMESTAMPTZ(6),
    "first_order_on" DATE,
    "last_order_on" DATE,
    "activity_orders" INTEGER NOT NULL DEFAULT 0,
    "last_activity_on" DATE,
    "fully_refunded_orders" INTEGER NOT NULL DEFAULT 0,
    "refunded_minor" BIGINT NOT NULL DEFAULT 0,
    "left_out" BOOLEAN NOT NULL DEFAULT false,
    "next_review_at" TIMESTAMPTZ(6),

    CONSTRAINT "profile_pkey" PRIMARY KEY ("shop_id","customer_id")
);

-- CreateTable
CREATE TABLE "score" (
    "shop_id" BIGINT NOT NULL,
    "customer_id" BIGINT NOT NULL,
    "r" SMALLINT NOT NULL,
    "f" SMALLINT NOT NULL,
    "m" SMALLINT NOT NULL,
    "cut_points_version" INTEGER NOT NULL,

    CONSTRAINT "score_pkey" PRIMARY KEY ("shop_id","customer_id")
);

-- CreateTable
CREATE TABLE "cut_points" (
    "shop_id" BIGINT NOT NULL,
    "version" INTEGER NOT NULL,
    "computed_at" TIMESTAMPTZ(6) NOT NULL,
    "published_at" TIMESTAMPTZ(6),
    "as_of" DATE NOT NULL,
    "buyers" INTEGER NOT NULL,
    "frequency" DOUBLE PRECISION[],
    "monetary_minor" DOUBLE PRECISION[],
    "recency_days" DOUBLE PRECISION[],
    "rhythm_days" DOUBLE PRECISION[],
    "gaps" INTEGER NOT NULL,
    "spent_percentiles" JSONB NOT NULL,

    CONSTRAINT "cut_points_pkey" PRIMARY KEY ("shop_id","version")
);

-- CreateTable
CREATE TABLE "segment" (
    "shop_id" BIGINT NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "key" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "family" TEXT NOT NULL,
    "tag_name" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'draft',
    "rule" JSONB NOT NULL,
    "rule_version" INTEGER NOT NULL DEFAULT 1,
    "position" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(6) NOT NULL,
    "live_since" TIMESTAMPTZ(6),
    "failure" TEXT,

    CONSTRAINT "segment_pkey" PRIMARY KEY ("shop_id","id")
);

-- CreateTable
CREATE TABLE "membership" (
    "shop_id" BIGINT NOT NULL,
    "segment_id" BIGINT NOT NULL,
    "customer_id" BIGINT NOT NULL,
    "since" TIMESTAMPTZ(6) NOT NULL,
    "cause" TEXT NOT NULL,
    "rule_version" INTEGER NOT NULL,
    "cut_points_version" INTEGER NOT NULL,
    "evidence" JSONB NOT NULL,

    CONSTRAINT "membership_pkey" PRIMARY KEY ("shop_id","segment_id","customer_id")
);

-- CreateTable
CREATE TABLE "membership_event" (
    "shop_id" BIGINT NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "segment_id" BIGINT NOT NULL,
    "customer_id" BIGINT NOT NULL,
    "kind" TEXT NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL,
    "cause" TEXT NOT NULL,
    "rule_version" INTEGER NOT NULL,
    "cut_points_version" INTEGER NOT NULL,
    "evidence" JSONB NOT NULL,

    CONSTRAINT "membership_event_pkey" PRIMARY KEY ("shop_id","id")
);

-- CreateTable
CREATE TABLE "approval" (
    "shop_id" BIGINT NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL,
    "actor" TEXT NOT NULL,
    "act" TEXT NOT NULL,
    "segment_ids" BIGINT[],
    "review" JSONB NOT NULL,

    CONSTRAINT "approval_pkey" PRIMARY KEY ("shop_id","id")
);

-- CreateTable
CREATE TABLE "tag_outbox" (
    "shop_id" BIGINT NOT NULL,
    "customer_id" BIGINT NOT NULL,
    "queued_at" TIMESTAMPTZ(6) NOT NULL,
    "generation" BIGINT NOT NULL DEFAULT 1,
    "not_before" TIMESTAMPTZ(6) NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "claimed_until" TIMESTAMPTZ(6),
    "claimed_by" TEXT,
    "bulk_id" BIGINT,
    "last_error" TEXT,

    CONSTRAINT "tag_outbox_pkey" PRIMARY KEY ("shop_id","customer_id")
);

-- CreateTable
CREATE TABLE "tag_owned" (
    "shop_id" BIGINT NOT NULL,
    "customer_id" BIGINT NOT NULL,
    "tag_key" TEXT NOT NULL,
    "tag" TEXT NOT NULL,
    "added_at" TIMESTAMPTZ(6),
    "suppressed_at" TIMESTAMPTZ(6),

    CONSTRAINT "tag_owned_pkey" PRIMARY KEY ("shop_id","customer_id","tag_key")
);

-- CreateTable
CREATE TABLE "tag_write" (
    "shop_id" BIGINT NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "customer_id" BIGINT NOT NULL,
    "tag" TEXT NOT NULL,
    "act" TEXT NOT NULL,
    "outcome" TEXT NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL,
    "way" TEXT NOT NULL,
    "reason" TEXT,

    CONSTRAINT "tag_write_pkey" PRIMARY KEY ("shop_id","id")
);

-- CreateTable
CREATE TABLE "tag_bulk" (
    "shop_id" BIGINT NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "act" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'staging',
    "shopify_id" TEXT,
    "lines" INTEGER NOT NULL,
    "started_at" TIMESTAMPTZ(6) NOT NULL,
    "finished_at" TIMESTAMPTZ(6),
    "message" TEXT,

    CONSTRAINT "tag_bulk_pkey" PRIMARY KEY ("shop_id","id")
);

-- CreateTable
CREATE TABLE "tag_bulk_line" (
    "shop_id" BIGINT NOT NULL,
    "bulk_id" BIGINT NOT NULL,
    "line" INTEGER NOT NULL,
    "customer_id" BIGINT NOT NULL,
    "tags" TEXT[],
    "generation" BIGINT NOT NULL,

    CONSTRAINT "tag_bulk_line_pkey" PRIMARY KEY ("shop_id","bulk_id","line")
);

-- CreateTable
CREATE TABLE "privacy_request" (
    "shop_id" BIGINT NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "kind" TEXT NOT NULL,
    "subject" BYTEA,
    "received_at" TIMESTAMPTZ(6) NOT NULL,
    "due_at" TIMESTAMPTZ(6) NOT NULL,
    "done_at" TIMESTAMPTZ(6),
    "result" BYTEA,

    CONSTRAINT "privacy_request_pkey" PRIMARY KEY ("shop_id","id")
);

-- CreateIndex
CREATE UNIQUE INDEX "shop_domain_key" ON "shop"("domain");

-- CreateIndex
CREATE INDEX "shop_due_work_due_at_idx" ON "shop_due"("work", "due_at");

-- CreateIndex
CREATE INDEX "session_shop_idx" ON "session"("shop");

-- CreateIndex
CREATE UNIQUE INDEX "inbox_shop_id_webhook_id_key" ON "inbox"("shop_id", "webhook_id");

-- CreateIndex
CREATE INDEX "customer_alias_shop_id_kept_id_idx" ON "customer_alias"("shop_id", "kept_id");

-- CreateIndex
CREATE INDEX "orders_shop_id_customer_id_processed_at_idx" ON "orders"("shop_id", "customer_id", "processed_at");

-- CreateIndex
CREATE INDEX "profile_shop_id_next_review_at_idx" ON "profile"("shop_id", "next_review_at");

-- CreateIndex
CREATE INDEX "profile_shop_id_spent_minor_customer_id_idx" ON "profile"("shop_id", "spent_minor", "customer_id");

-- CreateIndex
CREATE UNIQUE INDEX "segment_shop_id_key_key" ON "segment"("shop_id", "key");

-- CreateIndex
CREATE INDEX "membership_shop_id_customer_id_idx" ON "membership"("shop_id", "customer_id");

-- CreateIndex
CREATE INDEX "membership_event_shop_id_customer_id_id_idx" ON "membership_event"("shop_id", "customer_id", "id");

-- CreateIndex
CREATE INDEX "tag_outbox_shop_id_not_before_idx" ON "tag_outbox"("shop_id", "not_before");

-- CreateIndex
CREATE INDEX "tag_outbox_shop_id_queued_at_customer_id_idx" ON "tag_outbox"("shop_id", "queued_at", "customer_id");

-- CreateIndex
CREATE INDEX "tag_write_shop_id_customer_id_id_idx" ON "tag_write"("shop_id", "customer_id", "id");

-- Partial indexes that Prisma cannot express
CREATE INDEX "inbox_waiting_idx" ON "inbox" ("shop_id", "id") WHERE "state" = 'waiting';
CREATE INDEX "inbox_dead_idx" ON "inbox" ("shop_id", "id") WHERE "state" = 'dead';
CREATE INDEX "tag_write_failed_idx" ON "tag_write" ("shop_id", "at") WHERE "outcome" = 'failed';
CREATE INDEX "inbox_finished_idx" ON "inbox" ("shop_id", "finished_at") WHERE "state" <> 'waiting';

-- One shop at a time: every statement is for the shop that the transaction has named (app/db/tenancy.server.ts)
ALTER TABLE "shop_settings" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "shop_settings" FORCE ROW LEVEL SECURITY;
CREATE POLICY "one_shop" ON "shop_settings" USING ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint) WITH CHECK ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint);
ALTER TABLE "inbox" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "inbox" FORCE ROW LEVEL SECURITY;
CREATE POLICY "one_shop" ON "inbox" USING ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint) WITH CHECK ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint);
ALTER TABLE "reread" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "reread" FORCE ROW LEVEL SECURITY;
CREATE POLICY "one_shop" ON "reread" USING ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint) WITH CHECK ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint);
ALTER TABLE "import_run" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "import_run" FORCE ROW LEVEL SECURITY;
CREATE POLICY "one_shop" ON "import_run" USING ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint) WITH CHECK ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint);
ALTER TABLE "import_part" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "import_part" FORCE ROW LEVEL SECURITY;
CREATE POLICY "one_shop" ON "import_part" USING ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint) WITH CHECK ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint);
ALTER TABLE "customer" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "customer" FORCE ROW LEVEL SECURITY;
CREATE POLICY "one_shop" ON "customer" USING ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint) WITH CHECK ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint);
ALTER TABLE "customer_alias" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "customer_alias" FORCE ROW LEVEL SECURITY;
CREATE POLICY "one_shop" ON "customer_alias" USING ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint) WITH CHECK ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint);
ALTER TABLE "redacted_customer" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "redacted_customer" FORCE ROW LEVEL SECURITY;
CREATE POLICY "one_shop" ON "redacted_customer" USING ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint) WITH CHECK ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint);
ALTER TABLE "orders" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "orders" FORCE ROW LEVEL SECURITY;
CREATE POLICY "one_shop" ON "orders" USING ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint) WITH CHECK ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint);
ALTER TABLE "order_line" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "order_line" FORCE ROW LEVEL SECURITY;
CREATE POLICY "one_shop" ON "order_line" USING ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint) WITH CHECK ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint);
ALTER TABLE "order_refund" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "order_refund" FORCE ROW LEVEL SECURITY;
CREATE POLICY "one_shop" ON "order_refund" USING ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint) WITH CHECK ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint);
ALTER TABLE "product" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "product" FORCE ROW LEVEL SECURITY;
CREATE POLICY "one_shop" ON "product" USING ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint) WITH CHECK ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint);
ALTER TABLE "profile" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "profile" FORCE ROW LEVEL SECURITY;
CREATE POLICY "one_shop" ON "profile" USING ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint) WITH CHECK ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint);
ALTER TABLE "score" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "score" FORCE ROW LEVEL SECURITY;
CREATE POLICY "one_shop" ON "score" USING ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint) WITH CHECK ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint);
ALTER TABLE "cut_points" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "cut_points" FORCE ROW LEVEL SECURITY;
CREATE POLICY "one_shop" ON "cut_points" USING ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint) WITH CHECK ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint);
ALTER TABLE "segment" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "segment" FORCE ROW LEVEL SECURITY;
CREATE POLICY "one_shop" ON "segment" USING ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint) WITH CHECK ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint);
ALTER TABLE "membership" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "membership" FORCE ROW LEVEL SECURITY;
CREATE POLICY "one_shop" ON "membership" USING ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint) WITH CHECK ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint);
ALTER TABLE "membership_event" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "membership_event" FORCE ROW LEVEL SECURITY;
CREATE POLICY "one_shop" ON "membership_event" USING ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint) WITH CHECK ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint);
ALTER TABLE "approval" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "approval" FORCE ROW LEVEL SECURITY;
CREATE POLICY "one_shop" ON "approval" USING ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint) WITH CHECK ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint);
ALTER TABLE "tag_outbox" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "tag_outbox" FORCE ROW LEVEL SECURITY;
CREATE POLICY "one_shop" ON "tag_outbox" USING ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint) WITH CHECK ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint);
ALTER TABLE "tag_owned" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "tag_owned" FORCE ROW LEVEL SECURITY;
CREATE POLICY "one_shop" ON "tag_owned" USING ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint) WITH CHECK ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint);
ALTER TABLE "tag_write" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "tag_write" FORCE ROW LEVEL SECURITY;
CREATE POLICY "one_shop" ON "tag_write" USING ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint) WITH CHECK ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint);
ALTER TABLE "tag_bulk" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "tag_bulk" FORCE ROW LEVEL SECURITY;
CREATE POLICY "one_shop" ON "tag_bulk" USING ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint) WITH CHECK ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint);
ALTER TABLE "tag_bulk_line" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "tag_bulk_line" FORCE ROW LEVEL SECURITY;
CREATE POLICY "one_shop" ON "tag_bulk_line" USING ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint) WITH CHECK ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint);
ALTER TABLE "privacy_request" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "privacy_request" FORCE ROW LEVEL SECURITY;
CREATE POLICY "one_shop" ON "privacy_request" USING ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint) WITH CHECK ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint);
