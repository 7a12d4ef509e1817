-- The control group of a segment's tag: its share, and who was put on which side when.

-- CreateTable
CREATE TABLE "control_group" (
    "shop_id" BIGINT NOT NULL,
    "segment_id" BIGINT NOT NULL,
    "buckets" INTEGER NOT NULL,
    "since" TIMESTAMPTZ(6) NOT NULL,
    "ended_at" TIMESTAMPTZ(6),
    "actor" TEXT NOT NULL,

    CONSTRAINT "control_group_pkey" PRIMARY KEY ("shop_id","segment_id")
);

-- CreateTable
CREATE TABLE "control_assignment" (
    "shop_id" BIGINT NOT NULL,
    "segment_id" BIGINT NOT NULL,
    "customer_id" BIGINT NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL,
    "held_out" BOOLEAN NOT NULL,

    CONSTRAINT "control_assignment_pkey" PRIMARY KEY ("shop_id","segment_id","customer_id")
);

-- CreateIndex
CREATE INDEX "control_assignment_shop_id_customer_id_idx" ON "control_assignment"("shop_id", "customer_id");

-- Row-level security: what Prisma's schema cannot express.
ALTER TABLE "control_group" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "control_group" FORCE ROW LEVEL SECURITY;
CREATE POLICY "one_shop" ON "control_group" USING ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint) WITH CHECK ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint);
ALTER TABLE "control_assignment" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "control_assignment" FORCE ROW LEVEL SECURITY;
CREATE POLICY "one_shop" ON "control_assignment" USING ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint) WITH CHECK ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint);
