/**
 * Objects by id, with the selections of the bulk queries. An id that no longer exists comes back as null.
 * A request may cost at most 1000 points, whatever the bucket holds: so at most READ_AGAIN_LIMIT ids at once.
 */
import { CUSTOMER_FACTS, LINE_FACTS, ORDER_FACTS, PRODUCT_FACTS } from './fragments.ts';

export const READ_AGAIN_LIMIT = { customer: 50, order: 5, product: 50 } as const;

export const READ_CUSTOMERS = `#graphql
  query ReadCustomers($ids: [ID!]!) {
    nodes(ids: $ids) {
      ...CustomerFacts
    }
  }
  ${CUSTOMER_FACTS}
` as const;

export const READ_ORDERS = `#graphql
  query ReadOrders($ids: [ID!]!) {
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
    }
  }
  ${PRODUCT_FACTS}
` as const;
