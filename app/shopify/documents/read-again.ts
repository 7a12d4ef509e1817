/**
 * Objects by id, with the selections of the bulk queries. An id that no longer exists comes back as null.
 * A request may cost at most 1000 points, whatever the bucket holds: so at most READ_AGAIN_LIMIT ids at once.
 */
import {
  COLLECTION_FACTS, CUSTOMER_FACTS, LINE_FACTS, ORDER_FACTS, PRODUCT_FACTS,
} from './fragments.ts'; // prettier-ignore

export const READ_AGAIN_LIMIT = { customer: 50, order: 5, product: 40, collection: 3 } as const;

export const READ_CUSTOMERS = `#graphql
  query ReadCustomers($ids: [ID!]!) {
    nodes(ids: $ids) {
      ...CustomerFacts
    }
  }
  ${CUSTOMER_FACTS}
` as const;

export const READ_ORDERS = `#graphql
  query ReadOrders($ids: [ID!]!, $withLocations: Boolean! = false) {
    nodes(ids: $ids) {
      ...OrderFacts
      ... on Order {
        lineItems(first: 15) {
          nodes { ...LineFacts }
          pageInfo { hasNextPage endCursor }
        }
      }
    }
  }
  ${ORDER_FACTS}
  ${LINE_FACTS}
` as const;

/** The lines of one order after the first page. */
export const READ_ORDER_LINES = `#graphql
  query ReadOrderLines($id: ID!, $after: String) {
    order(id: $id) {
      updatedAt
      lineItems(first: 100, after: $after) {
        nodes { ...LineFacts }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
  ${LINE_FACTS}
` as const;

export const READ_PRODUCTS = `#graphql
  query ReadProducts($ids: [ID!]!) {
    nodes(ids: $ids) {
      ...ProductFacts
      ... on Product {
        collections(first: 20) {
          nodes { ...CollectionFacts }
          pageInfo { hasNextPage endCursor }
        }
      }
    }
  }
  ${PRODUCT_FACTS}
  ${COLLECTION_FACTS}
` as const;

/** The collections of one product after the first page. */
export const READ_PRODUCT_COLLECTIONS = `#graphql
  query ReadProductCollections($id: ID!, $after: String) {
    product(id: $id) {
      updatedAt
      collections(first: 100, after: $after) {
        nodes { ...CollectionFacts }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
  ${COLLECTION_FACTS}
` as const;

export const READ_COLLECTIONS = `#graphql
  query ReadCollections($ids: [ID!]!) {
    nodes(ids: $ids) {
      ...CollectionFacts
      ... on Collection {
        products(first: 250) {
          nodes { id }
          pageInfo { hasNextPage endCursor }
        }
      }
    }
  }
  ${COLLECTION_FACTS}
` as const;

/** The products of one collection after the first page. */
export const READ_COLLECTION_PRODUCTS = `#graphql
  query ReadCollectionProducts($id: ID!, $after: String) {
    collection(id: $id) {
      updatedAt
      products(first: 250, after: $after) {
        nodes { id }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
` as const;
