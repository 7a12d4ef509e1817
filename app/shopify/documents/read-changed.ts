/** What changed since a time, oldest change first: for reconciliation. `search`: "updated_at:>='...'". */
import {
  COLLECTION_FACTS, CUSTOMER_FACTS, LINE_FACTS, ORDER_FACTS, PRODUCT_FACTS,
} from './fragments.ts'; // prettier-ignore

export const READ_CHANGED_CUSTOMERS = `#graphql
  query ReadChangedCustomers($search: String!, $after: String) {
    customers(first: 50, after: $after, query: $search, sortKey: UPDATED_AT) {
      nodes { ...CustomerFacts }
      pageInfo { hasNextPage endCursor }
    }
  }
  ${CUSTOMER_FACTS}
` as const;

export const READ_CHANGED_ORDERS = `#graphql
  query ReadChangedOrders($search: String!, $after: String, $withLocations: Boolean! = false) {
    orders(first: 5, after: $after, query: $search, sortKey: UPDATED_AT) {
      nodes {
        ...OrderFacts
        lineItems(first: 15) {
          nodes { ...LineFacts }
          pageInfo { hasNextPage endCursor }
        }
      }
      pageInfo { hasNextPage endCursor }
    }
  }
  ${ORDER_FACTS}
  ${LINE_FACTS}
` as const;

export const READ_CHANGED_PRODUCTS = `#graphql
  query ReadChangedProducts($search: String!, $after: String) {
    products(first: 50, after: $after, query: $search, sortKey: UPDATED_AT) {
      nodes {
        ...ProductFacts
        collections(first: 10) {
          nodes { ...CollectionFacts }
          pageInfo { hasNextPage endCursor }
        }
      }
      pageInfo { hasNextPage endCursor }
    }
  }
  ${PRODUCT_FACTS}
  ${COLLECTION_FACTS}
` as const;

/** Which collections changed. What they hold is read collection by collection. */
export const READ_CHANGED_COLLECTIONS = `#graphql
  query ReadChangedCollections($search: String!, $after: String) {
    collections(first: 100, after: $after, query: $search, sortKey: UPDATED_AT) {
      nodes { ...CollectionFacts }
      pageInfo { hasNextPage endCursor }
    }
  }
  ${COLLECTION_FACTS}
` as const;
