/** Customers by name, e-mail or number, for naming people by hand: shown, never stored or logged. */
export const SEARCH_CUSTOMERS = `#graphql
  query SearchCustomers($query: String!) {
    customers(first: 10, query: $query) {
      nodes {
        id
        displayName
        defaultEmailAddress { emailAddress }
      }
    }
  }
` as const;
