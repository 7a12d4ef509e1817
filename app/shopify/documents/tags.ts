/** One customer's tags. For many, see bulk.ts with these texts: a bulk mutation has exactly one top-level field. */
export const ADD_TAGS = `#graphql
  mutation AddTags($id: ID!, $tags: [String!]!) {
    tagsAdd(id: $id, tags: $tags) {
      node { id ... on Customer { tags updatedAt } }
      userErrors { field message }
    }
  }
` as const;

export const REMOVE_TAGS = `#graphql
  mutation RemoveTags($id: ID!, $tags: [String!]!) {
    tagsRemove(id: $id, tags: $tags) {
      node { id ... on Customer { tags updatedAt } }
      userErrors { field message }
    }
  }
` as const;
