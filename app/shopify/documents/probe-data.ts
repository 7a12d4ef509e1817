/**
 * What of a customer this app may see, asked of the first one and not kept. Protected customer data of level 1 is
 * the customer at all, of level 2 a name. Where the app has no approval Shopify answers with an error.
 */
export const PROBE_CUSTOMER = `#graphql
  query ProbeCustomer { customers(first: 1) { nodes { id } } }
` as const;

export const PROBE_PERSON = `#graphql
  query ProbePerson { customers(first: 1) { nodes { id displayName } } }
` as const;

/** The smallest bulk query: keeps the access alive, and says whether there is any. */
export const SMALLEST_BULK_QUERY = '{ products(query: "id:0") { edges { node { id } } } }';
