-- Segments: kinds, settings, sets, people named by hand, versions, and a history by month.

-- AlterTable
ALTER TABLE "shop_settings" ADD COLUMN     "ask_above" INTEGER NOT NULL DEFAULT 100;

-- AlterTable
ALTER TABLE "segment" ADD COLUMN     "kind" TEXT NOT NULL DEFAULT 'rule',
ADD COLUMN     "settings" JSONB NOT NULL DEFAULT '{}',
ADD COLUMN     "set_id" BIGINT,
ADD COLUMN     "set_rank" INTEGER,
ADD COLUMN     "trial" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "draft" JSONB;

-- AlterTable
ALTER TABLE "membership" ADD COLUMN     "held_until" DATE;

-- AlterTable
ALTER TABLE "approval" ADD COLUMN     "undoes" BIGINT;

-- CreateTable
CREATE TABLE "segment_set" (
    "shop_id" BIGINT NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "name" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "settings" JSONB NOT NULL DEFAULT '{}',
    "created_at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "segment_set_pkey" PRIMARY KEY ("shop_id","id")
);

-- CreateTable
CREATE TABLE "segment_person" (
    "shop_id" BIGINT NOT NULL,
    "segment_id" BIGINT NOT NULL,
    "customer_id" BIGINT NOT NULL,
    "list" TEXT NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL,
    "actor" TEXT NOT NULL,

    CONSTRAINT "segment_person_pkey" PRIMARY KEY ("shop_id","segment_id","customer_id","list")
);

-- CreateTable
CREATE TABLE "segment_version" (
    "shop_id" BIGINT NOT NULL,
    "segment_id" BIGINT NOT NULL,
    "version" INTEGER NOT NULL,
    "rule" JSONB NOT NULL,
    "settings" JSONB NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL,
    "actor" TEXT NOT NULL,
    "note" TEXT NOT NULL DEFAULT '',

    CONSTRAINT "segment_version_pkey" PRIMARY KEY ("shop_id","segment_id","version")
);

-- CreateTable
CREATE TABLE "membership_left" (
    "shop_id" BIGINT NOT NULL,
    "segment_id" BIGINT NOT NULL,
    "customer_id" BIGINT NOT NULL,
    "left_on" DATE NOT NULL,

    CONSTRAINT "membership_left_pkey" PRIMARY KEY ("shop_id","segment_id","customer_id")
);

-- CreateTable
CREATE TABLE "mass_change" (
    "shop_id" BIGINT NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "segment_id" BIGINT NOT NULL,
    "kind" TEXT NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL,
    "cause" TEXT NOT NULL,
    "rule_version" INTEGER NOT NULL,
    "cut_points_version" INTEGER NOT NULL,
    "members" INTEGER NOT NULL,

    CONSTRAINT "mass_change_pkey" PRIMARY KEY ("shop_id","id")
);

-- CreateTable
CREATE TABLE "mass_member" (
    "shop_id" BIGINT NOT NULL,
    "change_id" BIGINT NOT NULL,
    "customer_id" BIGINT NOT NULL,

    CONSTRAINT "mass_member_pkey" PRIMARY KEY ("shop_id","change_id","customer_id")
);

-- CreateIndex
CREATE INDEX "segment_person_shop_id_customer_id_idx" ON "segment_person"("shop_id", "customer_id");

-- CreateIndex
CREATE INDEX "membership_left_shop_id_customer_id_idx" ON "membership_left"("shop_id", "customer_id");

-- CreateIndex
CREATE INDEX "mass_change_shop_id_segment_id_at_idx" ON "mass_change"("shop_id", "segment_id", "at");

-- CreateIndex
CREATE INDEX "mass_member_shop_id_customer_id_change_id_idx" ON "mass_member"("shop_id", "customer_id", "change_id");

-- The history by month: the same columns, and what there is moves over.
ALTER TABLE "membership_event" RENAME TO "membership_event_old";
ALTER TABLE "membership_event_old" RENAME CONSTRAINT "membership_event_pkey" TO "membership_event_old_pkey";
ALTER INDEX "membership_event_shop_id_customer_id_id_idx" RENAME TO "membership_event_old_idx";

CREATE TABLE "membership_event" (
    "shop_id" BIGINT NOT NULL,
    "id" BIGINT NOT NULL DEFAULT nextval('membership_event_id_seq'::regclass),
    "segment_id" BIGINT NOT NULL,
    "customer_id" BIGINT NOT NULL,
    "kind" TEXT NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL,
    "cause" TEXT NOT NULL,
    "rule_version" INTEGER NOT NULL,
    "cut_points_version" INTEGER NOT NULL,
    "evidence" JSONB NOT NULL,

    CONSTRAINT "membership_event_pkey" PRIMARY KEY ("shop_id","id","at")
) PARTITION BY RANGE ("at");
CREATE INDEX "membership_event_shop_id_customer_id_id_idx" ON "membership_event"("shop_id", "customer_id", "id");
CREATE INDEX "membership_event_shop_id_segment_id_at_idx" ON "membership_event"("shop_id", "segment_id", "at");
ALTER SEQUENCE "membership_event_id_seq" OWNED BY "membership_event"."id";

-- What no month was made for.
CREATE TABLE "membership_event_default" PARTITION OF "membership_event" DEFAULT;

-- An owner that is not a superuser is under the policy too, so the old table gives its rows up before it is set on the new one.
ALTER TABLE "membership_event_old" NO FORCE ROW LEVEL SECURITY;
INSERT INTO "membership_event" SELECT "shop_id", "id", "segment_id", "customer_id", "kind", "at", "cause", "rule_version", "cut_points_version", "evidence" FROM "membership_event_old";
DROP TABLE "membership_event_old";

-- What every segment says now is its first version.
ALTER TABLE "segment" NO FORCE ROW LEVEL SECURITY;
INSERT INTO "segment_version" ("shop_id", "segment_id", "version", "rule", "settings", "at", "actor") SELECT "shop_id", "id", "rule_version", "rule", '{}', "created_at", '' FROM "segment";
ALTER TABLE "segment" FORCE ROW LEVEL SECURITY;

-- One shop at a time
ALTER TABLE "segment_set" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "segment_set" FORCE ROW LEVEL SECURITY;
CREATE POLICY "one_shop" ON "segment_set" USING ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint) WITH CHECK ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint);
ALTER TABLE "segment_person" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "segment_person" FORCE ROW LEVEL SECURITY;
CREATE POLICY "one_shop" ON "segment_person" USING ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint) WITH CHECK ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint);
ALTER TABLE "segment_version" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "segment_version" FORCE ROW LEVEL SECURITY;
CREATE POLICY "one_shop" ON "segment_version" USING ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint) WITH CHECK ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint);
ALTER TABLE "membership_left" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "membership_left" FORCE ROW LEVEL SECURITY;
CREATE POLICY "one_shop" ON "membership_left" USING ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint) WITH CHECK ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint);
ALTER TABLE "mass_change" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "mass_change" FORCE ROW LEVEL SECURITY;
CREATE POLICY "one_shop" ON "mass_change" USING ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint) WITH CHECK ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint);
ALTER TABLE "mass_member" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "mass_member" FORCE ROW LEVEL SECURITY;
CREATE POLICY "one_shop" ON "mass_member" USING ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint) WITH CHECK ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint);
ALTER TABLE "membership_event" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "membership_event" FORCE ROW LEVEL SECURITY;
CREATE POLICY "one_shop" ON "membership_event" USING ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint) WITH CHECK ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint);
ALTER TABLE "membership_event_default" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "membership_event_default" FORCE ROW LEVEL SECURITY;
CREATE POLICY "one_shop" ON "membership_event_default" USING ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint) WITH CHECK ("shop_id" = nullif(current_setting('app.shop_id', true), '')::bigint);

-- Months made ahead and dropped: only an owner may, and web and worker are not. The function does this and nothing else,
-- under a fixed search path. The role of the app may run it (scripts/database.ts). Rows are moved shop by shop, because an owner that is
-- not a superuser is under the policy too. \x3B in the text is a semicolon: migrations are split at the sign itself.
CREATE FUNCTION "keep_membership_history"("today" date, "keep_months" int) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS E'
DECLARE
  this_month date := date_trunc(''month'', today)::date\x3B
  oldest date := (date_trunc(''month'', today) - make_interval(months => greatest(keep_months, 3)))::date\x3B
  starts date\x3B
  part text\x3B
  a_shop bigint\x3B
  made int := 0\x3B
  dropped int := 0\x3B
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext(''keep_membership_history''))\x3B
  FOR ahead IN 0..2 LOOP
    starts := (this_month + make_interval(months => ahead))::date\x3B
    part := ''membership_event_'' || to_char(starts, ''YYYY_MM'')\x3B
    CONTINUE WHEN to_regclass(''public.'' || part) IS NOT NULL\x3B
    EXECUTE format(''CREATE TABLE public.%I (LIKE public.membership_event INCLUDING DEFAULTS INCLUDING CONSTRAINTS)'', part)\x3B
    EXECUTE format(''ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY'', part)\x3B
    EXECUTE format(''ALTER TABLE public.%I FORCE ROW LEVEL SECURITY'', part)\x3B
    EXECUTE format(''CREATE POLICY one_shop ON public.%I USING (shop_id = nullif(current_setting(''''app.shop_id'''', true), '''''''')::bigint) WITH CHECK (shop_id = nullif(current_setting(''''app.shop_id'''', true), '''''''')::bigint)'', part)\x3B
    FOR a_shop IN SELECT id FROM public.shop LOOP
      PERFORM set_config(''app.shop_id'', a_shop::text, true)\x3B
      EXECUTE format(''WITH moved AS (DELETE FROM public.membership_event_default WHERE shop_id = $1 AND at >= $2 AND at < $3 RETURNING *) INSERT INTO public.%I SELECT * FROM moved'', part)
        USING a_shop, starts::timestamp AT TIME ZONE ''UTC'', (starts + interval ''1 month'') AT TIME ZONE ''UTC''\x3B
    END LOOP\x3B
    EXECUTE format(''ALTER TABLE public.membership_event ATTACH PARTITION public.%I FOR VALUES FROM (%L) TO (%L)'',
                   part, starts::timestamp AT TIME ZONE ''UTC'', (starts + interval ''1 month'') AT TIME ZONE ''UTC'')\x3B
    made := made + 1\x3B
  END LOOP\x3B
  FOR part IN
    SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
     WHERE i.inhparent = ''public.membership_event''::regclass AND c.relname ~ ''^membership_event_[0-9]{4}_[0-9]{2}$''
       AND to_date(right(c.relname, 7), ''YYYY_MM'') < oldest
  LOOP
    EXECUTE format(''DROP TABLE public.%I'', part)\x3B
    dropped := dropped + 1\x3B
  END LOOP\x3B
  FOR a_shop IN SELECT id FROM public.shop LOOP
    PERFORM set_config(''app.shop_id'', a_shop::text, true)\x3B
    DELETE FROM public.membership_event_default WHERE shop_id = a_shop AND at < oldest::timestamp AT TIME ZONE ''UTC''\x3B
  END LOOP\x3B
  PERFORM set_config(''app.shop_id'', '''', true)\x3B
  RETURN jsonb_build_object(''made'', made, ''dropped'', dropped)\x3B
END
';
REVOKE ALL ON FUNCTION "keep_membership_history"(date, int) FROM PUBLIC;
SELECT "keep_membership_history"(current_date, 25);
