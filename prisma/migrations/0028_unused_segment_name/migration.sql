-- The name of a discount's segment is that of its offer.
ALTER TABLE "offer_discount" DROP COLUMN "segment_name";
