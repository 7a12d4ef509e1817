-- CreateTable
CREATE TABLE "ltv_fit" (
    "shop_id" BIGINT NOT NULL,
    "version" INTEGER NOT NULL,
    "as_of" DATE NOT NULL,
    "computed_at" TIMESTAMPTZ(6) NOT NULL,
    "published_at" TIMESTAMPTZ(6),
    "applied_at" TIMESTAMPTZ(6),
    "verdict" TEXT NOT NULL,
    "reason" TEXT,
    "model" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "customers" INTEGER NOT NULL,
    "repeat_customers" INTEGER NOT NULL,
    "trusted" BOOLEAN NOT NULL DEFAULT false,
    "params" JSONB,
    "log_likelihood" DOUBLE PRECISION,
    "amounts" JSONB,
    "mean_amount" DOUBLE PRECISION NOT NULL DEFAULT 0,
    "warnings" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "report" JSONB,

    CONSTRAINT "ltv_fit_pkey" PRIMARY KEY ("shop_id","version")
);

-- CreateTable
CREATE TABLE "prediction" (
    "shop_id" BIGINT NOT NULL,
    "customer_id" BIGINT NOT NULL,
    "fit_version" INTEGER NOT NULL,
    "alive" DOUBLE PRECISION NOT NULL,
    "expected_orders" DOUBLE PRECISION NOT NULL,
    "expected_value_minor" BIGINT NOT NULL,
    "risk" TEXT NOT NULL,
    "next_order_from" DATE,
    "next_order_on" DATE,
    "next_order_to" DATE,

    CONSTRAINT "prediction_pkey" PRIMARY KEY ("shop_id","customer_id")
);

-- Row-level security: what Prisma's schema cannot express.
ALTER TABLE "ltv_fit" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "ltv_fit" FORCE ROW LEVEL SECURITY;
CREATE POLICY "one_shop" ON "ltv_fit" USING ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint) WITH CHECK ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint);
ALTER TABLE "prediction" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "prediction" FORCE ROW LEVEL SECURITY;
CREATE POLICY "one_shop" ON "prediction" USING ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint) WITH CHECK ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint);
