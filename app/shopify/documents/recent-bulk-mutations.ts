/** The newest bulk mutations with their texts: how a file of ours is found again after a crash. */
export const RECENT_BULK_MUTATIONS = `#graphql
  query RecentBulkMutations {
    bulkOperations(first: 50, query: "operation_type:mutation", sortKey: CREATED_AT, reverse: true) {
      nodes { id query }
    }
  }
` as const;
