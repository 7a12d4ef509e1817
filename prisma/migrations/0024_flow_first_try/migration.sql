-- When a message was first tried, not when it was queued: three days later it is given up.
ALTER TABLE "flow_event" ALTER COLUMN "queued_at" DROP NOT NULL;
ALTER TABLE "flow_event" RENAME COLUMN "queued_at" TO "first_tried_at";

-- Whatever was never tried, of whichever store: the policy would hide it.
ALTER TABLE "flow_event" NO FORCE ROW LEVEL SECURITY;
UPDATE "flow_event" SET "first_tried_at" = NULL WHERE "attempts" = 0;
ALTER TABLE "flow_event" FORCE ROW LEVEL SECURITY;
