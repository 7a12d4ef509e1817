-- AlterTable
ALTER TABLE "shop_settings" ADD COLUMN     "hold_from" DATE,
ADD COLUMN     "hold_to" DATE;

-- AlterTable
ALTER TABLE "tag_outbox" ADD COLUMN     "held_by" BIGINT;

-- CreateTable
CREATE TABLE "held_change" (
    "shop_id" BIGINT NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "cause" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "version" INTEGER,
    "made_at" TIMESTAMPTZ(6) NOT NULL,
    "buyers" INTEGER NOT NULL DEFAULT 0,
    "affected" INTEGER NOT NULL DEFAULT 0,
    "changes" JSONB NOT NULL DEFAULT '[]',
    "state" TEXT NOT NULL,
    "decided_at" TIMESTAMPTZ(6),
    "actor" TEXT,

    CONSTRAINT "held_change_pkey" PRIMARY KEY ("shop_id","id")
);

-- CreateTable
CREATE TABLE "background_run" (
    "shop_id" BIGINT NOT NULL,
    "kind" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "started_at" TIMESTAMPTZ(6) NOT NULL,
    "step" TEXT NOT NULL DEFAULT '',
    "done" BIGINT NOT NULL DEFAULT 0,
    "total" BIGINT NOT NULL DEFAULT 0,
    "actor" TEXT,

    CONSTRAINT "background_run_pkey" PRIMARY KEY ("shop_id","kind")
);

-- CreateTable
CREATE TABLE "value_snapshot" (
    "shop_id" BIGINT NOT NULL,
    "as_of" DATE NOT NULL,
    "computed_at" TIMESTAMPTZ(6) NOT NULL,
    "basis" TEXT NOT NULL,
    "content" JSONB NOT NULL,

    CONSTRAINT "value_snapshot_pkey" PRIMARY KEY ("shop_id")
);

-- CreateIndex
CREATE INDEX "tag_outbox_shop_id_held_by_idx" ON "tag_outbox"("shop_id", "held_by");

-- Row-level security: what Prisma's schema cannot express.
ALTER TABLE "held_change" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "held_change" FORCE ROW LEVEL SECURITY;
CREATE POLICY "one_shop" ON "held_change" USING ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint) WITH CHECK ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint);
ALTER TABLE "background_run" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "background_run" FORCE ROW LEVEL SECURITY;
CREATE POLICY "one_shop" ON "background_run" USING ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint) WITH CHECK ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint);
ALTER TABLE "value_snapshot" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "value_snapshot" FORCE ROW LEVEL SECURITY;
CREATE POLICY "one_shop" ON "value_snapshot" USING ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint) WITH CHECK ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint);
