/** Customer metafields of ours: their definitions, their values by compare-and-set. */
export const DEFINE_METAFIELD = `#graphql
  mutation DefineMetafield($definition: MetafieldDefinitionInput!) {
    metafieldDefinitionCreate(definition: $definition) {
      createdDefinition { id }
      userErrors { code message }
    }
  }
` as const;

export const READ_OWN_DEFINITIONS = `#graphql
  query ReadOwnDefinitions {
    metafieldDefinitions(first: 50, ownerType: CUSTOMER, namespace: "$app") { nodes { id key type { name } } }
  }
` as const;

/** The values go with their definition; Shopify removes them in its own time. */
export const DROP_DEFINITION = `#graphql
  mutation DropDefinition($id: ID!) {
    metafieldDefinitionDelete(id: $id, deleteAllAssociatedMetafields: true) {
      deletedDefinitionId
      userErrors { code message }
    }
  }
` as const;

/** At most 25, all or none. */
export const SET_METAFIELDS = `#graphql
  mutation SetMetafields($metafields: [MetafieldsSetInput!]!) {
    metafieldsSet(metafields: $metafields) {
      metafields { key compareDigest owner { ... on Customer { id } } }
      userErrors { code message elementIndex }
    }
  }
` as const;

export const DELETE_METAFIELDS = `#graphql
  mutation DeleteMetafields($metafields: [MetafieldIdentifierInput!]!) {
    metafieldsDelete(metafields: $metafields) {
      deletedMetafields { key ownerId }
      userErrors { message }
    }
  }
` as const;

/** At most 50 customers. */
export const READ_OWN_METAFIELDS = `#graphql
  query ReadOwnMetafields($ids: [ID!]!) {
    nodes(ids: $ids) {
      ... on Customer {
        id
        segments: metafield(namespace: "$app", key: "segments") { value compareDigest }
        life_cycle: metafield(namespace: "$app", key: "life_cycle") { value compareDigest }
        spent: metafield(namespace: "$app", key: "spent") { value compareDigest }
        predicted_value: metafield(namespace: "$app", key: "predicted_value") { value compareDigest }
        chance: metafield(namespace: "$app", key: "chance") { value compareDigest }
        tier: metafield(namespace: "$app", key: "tier") { value compareDigest }
        tier_hold: metafield(namespace: "$app", key: "tier_hold") { value compareDigest }
      }
    }
  }
` as const;
