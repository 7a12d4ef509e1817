/**
 * What is read of customers only where the merchant asked for it: postal codes (the one protected field that may
 * be stored, and only behind its switch) and picked metafields, named in full ("namespace.key").
 */
export const READ_CUSTOMER_PICKS = `#graphql
  query ReadCustomerPicks($ids: [ID!]!, $keys: [String!]!, $withZip: Boolean!, $withMetafields: Boolean!) {
    nodes(ids: $ids) {
      ... on Customer {
        id
        defaultAddress @include(if: $withZip) { zip }
        metafields(first: 10, keys: $keys) @include(if: $withMetafields) {
          nodes { namespace key type value }
        }
      }
    }
  }
` as const;
