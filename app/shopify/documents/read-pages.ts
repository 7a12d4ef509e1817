/**
 * Everything page by page, oldest id first: for an import where Shopify refuses bulk operations. `search` is
 * "id:>N" or empty. The sizes keep each request under 1000 points with everything in it.
 */
import {
  COLLECTION_FACTS, CUSTOMER_FACTS, LINE_FACTS, ORDER_FACTS, PRODUCT_FACTS,
} from './fragments.ts'; // prettier-ignore

export const READ_CUSTOMERS_PAGE = `#graphql
  query ReadCustomersPage($search: String, $after: String) {
    customers(first: 50, after: $after, query: $search, sortKey: ID) {
      nodes { ...CustomerFacts }
      pageInfo { hasNextPage endCursor }
    }
  }
  ${CUSTOMER_FACTS}
` as const;

export const READ_ORDERS_PAGE = `#graphql
  query ReadOrdersPage($search: String, $after: String, $withLocations: Boolean! = false) {
    orders(first: 5, after: $after, query: $search, sortKey: ID) {
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

export const READ_PRODUCTS_PAGE = `#graphql
  query ReadProductsPage($search: String, $after: String) {
    products(first: 40, after: $after, query: $search, sortKey: ID) {
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

export const COUNT_CUSTOMERS = `#graphql
  query CountCustomers($search: String) { customersCount(query: $search, limit: null) { count } }
` as const;

export const COUNT_ORDERS = `#graphql
  query CountOrders($search: String) { ordersCount(query: $search, limit: null) { count } }
` as const;

export const COUNT_PRODUCTS = `#graphql
  query CountProducts($search: String) { productsCount(query: $search, limit: null) { count } }
` as const;
