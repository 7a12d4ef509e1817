-- Changes of segments in large stores: worked out in the background, reviewed, put in force in steps. Sizes of drafts that were counted there.

-- CreateTable
CREATE TABLE "segment_change" (
    "shop_id" BIGINT NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "state" TEXT NOT NULL,
    "change" JSONB NOT NULL,
    "basis" TEXT NOT NULL DEFAULT '',
    "actor" TEXT NOT NULL,
    "note" TEXT NOT NULL DEFAULT '',
    "started_at" TIMESTAMPTZ(6) NOT NULL,
    "ask" BOOLEAN NOT NULL DEFAULT true,
    "start_automations" BOOLEAN NOT NULL DEFAULT false,
    "approved_at" TIMESTAMPTZ(6),
    "approval_id" BIGINT,
    "cursor" BIGINT NOT NULL DEFAULT 0,
    "done" BIGINT NOT NULL DEFAULT 0,
    "total" BIGINT NOT NULL DEFAULT 0,
    "review" JSONB,
    "headers" BIGINT[] DEFAULT ARRAY[]::BIGINT[],
    "entered" BIGINT NOT NULL DEFAULT 0,
    "left" BIGINT NOT NULL DEFAULT 0,
    "message" TEXT,

    CONSTRAINT "segment_change_pkey" PRIMARY KEY ("shop_id")
);

-- CreateTable
CREATE TABLE "segment_move" (
    "shop_id" BIGINT NOT NULL,
    "customer_id" BIGINT NOT NULL,
    "segment_id" BIGINT NOT NULL,
    "kind" TEXT NOT NULL,
    "held_until" DATE,
    "evidence" JSONB NOT NULL,

    CONSTRAINT "segment_move_pkey" PRIMARY KEY ("shop_id","customer_id","segment_id")
);

-- CreateTable
CREATE TABLE "segment_move_again" (
    "shop_id" BIGINT NOT NULL,
    "customer_id" BIGINT NOT NULL,

    CONSTRAINT "segment_move_again_pkey" PRIMARY KEY ("shop_id","customer_id")
);

-- CreateTable
CREATE TABLE "segment_size" (
    "shop_id" BIGINT NOT NULL,
    "segment_id" BIGINT NOT NULL,
    "says" TEXT NOT NULL,
    "size" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "segment_size_pkey" PRIMARY KEY ("shop_id","segment_id")
);

-- Row-level security: what Prisma's schema cannot express.
ALTER TABLE "segment_change" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "segment_change" FORCE ROW LEVEL SECURITY;
CREATE POLICY "one_shop" ON "segment_change" USING ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint) WITH CHECK ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint);
ALTER TABLE "segment_move" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "segment_move" FORCE ROW LEVEL SECURITY;
CREATE POLICY "one_shop" ON "segment_move" USING ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint) WITH CHECK ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint);
ALTER TABLE "segment_move_again" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "segment_move_again" FORCE ROW LEVEL SECURITY;
CREATE POLICY "one_shop" ON "segment_move_again" USING ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint) WITH CHECK ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint);
ALTER TABLE "segment_size" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "segment_size" FORCE ROW LEVEL SECURITY;
CREATE POLICY "one_shop" ON "segment_size" USING ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint) WITH CHECK ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint);
