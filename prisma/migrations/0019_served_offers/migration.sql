-- Which offers an app discount of ours serves in the store, and on what terms.

-- AlterTable
ALTER TABLE "offer_discount" ADD COLUMN "served" TEXT;
