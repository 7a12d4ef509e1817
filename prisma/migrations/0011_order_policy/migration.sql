-- What counts as an order: people left out by hand, a change that is being looked at, the versions there were.
-- How long the history of memberships is kept, shop by shop.

-- AlterTable
ALTER TABLE "shop" ADD COLUMN "history_months" INTEGER NOT NULL DEFAULT 25;

-- AlterTable: why a segment that is on is kept as it is
ALTER TABLE "segment" ADD COLUMN "unavailable" TEXT;

-- CreateTable
CREATE TABLE "left_out_person" (
    "shop_id" BIGINT NOT NULL,
    "customer_id" BIGINT NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL,
    "actor" TEXT NOT NULL,

    CONSTRAINT "left_out_person_pkey" PRIMARY KEY ("shop_id","customer_id")
);

-- CreateTable
CREATE TABLE "policy_draft" (
    "shop_id" BIGINT NOT NULL,
    "policy" JSONB NOT NULL,
    "state" TEXT NOT NULL,
    "version" BIGINT NOT NULL,
    "actor" TEXT NOT NULL,
    "asked_at" TIMESTAMPTZ(6) NOT NULL,
    "measured_at" TIMESTAMPTZ(6),
    "effect" JSONB,

    CONSTRAINT "policy_draft_pkey" PRIMARY KEY ("shop_id")
);

-- CreateTable
CREATE TABLE "policy_version" (
    "shop_id" BIGINT NOT NULL,
    "version" INTEGER NOT NULL,
    "policy" JSONB NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL,
    "actor" TEXT NOT NULL,

    CONSTRAINT "policy_version_pkey" PRIMARY KEY ("shop_id","version")
);

-- CreateTable: ideas of a large store, as they were counted last
CREATE TABLE "idea_snapshot" (
    "shop_id" BIGINT NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL,
    "ideas" JSONB NOT NULL,

    CONSTRAINT "idea_snapshot_pkey" PRIMARY KEY ("shop_id")
);

-- Row-level security: what Prisma's schema cannot express.
ALTER TABLE "left_out_person" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "left_out_person" FORCE ROW LEVEL SECURITY;
CREATE POLICY "one_shop" ON "left_out_person" USING ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint) WITH CHECK ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint);
ALTER TABLE "policy_draft" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "policy_draft" FORCE ROW LEVEL SECURITY;
CREATE POLICY "one_shop" ON "policy_draft" USING ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint) WITH CHECK ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint);
ALTER TABLE "policy_version" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "policy_version" FORCE ROW LEVEL SECURITY;
CREATE POLICY "one_shop" ON "policy_version" USING ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint) WITH CHECK ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint);
ALTER TABLE "idea_snapshot" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "idea_snapshot" FORCE ROW LEVEL SECURITY;
CREATE POLICY "one_shop" ON "idea_snapshot" USING ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint) WITH CHECK ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint);
