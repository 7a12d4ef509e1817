/** Shopify's own customer segments. */
export const CREATE_SEGMENT = `#graphql
  mutation CreateSegment($name: String!, $query: String!) {
    segmentCreate(name: $name, query: $query) {
      segment { id name query }
      userErrors { field message }
    }
  }
` as const;

export const UPDATE_SEGMENT = `#graphql
  mutation UpdateSegment($id: ID!, $name: String, $query: String) {
    segmentUpdate(id: $id, name: $name, query: $query) {
      segment { id name query }
      userErrors { field message }
    }
  }
` as const;

export const DELETE_SEGMENT = `#graphql
  mutation DeleteSegment($id: ID!) {
    segmentDelete(id: $id) {
      deletedSegmentId
      userErrors { field message }
    }
  }
` as const;

/** Null for those that are gone. */
export const READ_SEGMENTS = `#graphql
  query ReadSegments($ids: [ID!]!) {
    nodes(ids: $ids) { ... on Segment { id name query } }
  }
` as const;

export const LIST_SEGMENTS = `#graphql
  query ListSegments($after: String) {
    segments(first: 250, after: $after) {
      nodes { id name query }
      pageInfo { hasNextPage endCursor }
    }
  }
` as const;

export const COUNT_MEMBERS = `#graphql
  query CountMembers($segmentId: ID) {
    customerSegmentMembers(first: 1, segmentId: $segmentId) { totalCount }
  }
` as const;

export const COUNT_MEMBERS_OF_QUERY = `#graphql
  query CountMembersOfQuery($query: String, $timezone: String) {
    customerSegmentMembers(first: 1, query: $query, timezone: $timezone) { totalCount }
  }
` as const;
