/** The newest bulk queries with their texts: how one of ours is found again when the answer to its start was lost. */
export const RECENT_BULK_QUERIES = `#graphql
  query RecentBulkQueries {
    bulkOperations(first: 20, query: "operation_type:query", sortKey: CREATED_AT, reverse: true) {
      nodes { id status createdAt query }
    }
  }
` as const;
