/**
 * How customers are called: read when a page shows them, never stored or logged. The only document with
 * protected fields. Where the app has no approval for them Shopify answers null.
 */
export const READ_CUSTOMER_NAMES = `#graphql
  query ReadCustomerNames($ids: [ID!]!) {
    nodes(ids: $ids) {
      ... on Customer {
        id
        displayName
        defaultEmailAddress { emailAddress }
      }
    }
  }
` as const;
