/**
 * Discounts: all of a store as conflicts are looked for, and those that carry our offers. Few items of each are read: a
 * page of 20 stays within the 1,000 points of a request.
 */
const DISCOUNT_PARTS = `#graphql
  fragment DiscountItemsParts on DiscountItems {
    __typename
    ... on AllDiscountItems { allItems }
    ... on DiscountProducts { products(first: 5) { nodes { id } } }
    ... on DiscountCollections { collections(first: 5) { nodes { id } } }
  }
  fragment DiscountGetsParts on DiscountCustomerGets {
    items { ...DiscountItemsParts }
    value {
      __typename
      ... on DiscountPercentage { percentage }
      ... on DiscountAmount { amount { amount currencyCode } appliesOnEachItem }
      ... on DiscountOnQuantity {
        quantity { quantity }
        effect {
          __typename
          ... on DiscountPercentage { percentage }
          ... on DiscountAmount { amount { amount currencyCode } appliesOnEachItem }
        }
      }
    }
  }
  fragment DiscountBuysParts on DiscountCustomerBuys {
    items { ...DiscountItemsParts }
    value {
      __typename
      ... on DiscountQuantity { quantity }
      ... on DiscountPurchaseAmount { amount }
    }
  }
  fragment DiscountMinimumParts on DiscountMinimumRequirement {
    __typename
    ... on DiscountMinimumQuantity { greaterThanOrEqualToQuantity }
    ... on DiscountMinimumSubtotal { greaterThanOrEqualToSubtotal { amount currencyCode } }
  }
  fragment DiscountContextParts on DiscountContext {
    __typename
    ... on DiscountCustomerSegments { segments { id } }
  }
  fragment DiscountCombinesParts on DiscountCombinesWith {
    orderDiscounts
    productDiscounts
    shippingDiscounts
  }
` as const;

export const READ_DISCOUNTS = `#graphql
  query ReadDiscounts($after: String) {
    discountNodes(first: 20, after: $after) {
      nodes {
        id
        discount {
          __typename
          ... on DiscountAutomaticBasic {
            title status startsAt endsAt tags
            combinesWith { ...DiscountCombinesParts }
            context { ...DiscountContextParts }
            minimumRequirement { ...DiscountMinimumParts }
            customerGets { ...DiscountGetsParts }
          }
          ... on DiscountAutomaticBxgy {
            title status startsAt endsAt tags
            combinesWith { ...DiscountCombinesParts }
            context { ...DiscountContextParts }
            customerBuys { ...DiscountBuysParts }
            customerGets { ...DiscountGetsParts }
          }
          ... on DiscountAutomaticFreeShipping {
            title status startsAt endsAt tags
            combinesWith { ...DiscountCombinesParts }
            context { ...DiscountContextParts }
            minimumRequirement { ...DiscountMinimumParts }
          }
          ... on DiscountAutomaticApp {
            title status startsAt endsAt tags
            combinesWith { ...DiscountCombinesParts }
            context { ...DiscountContextParts }
          }
          ... on DiscountCodeBasic {
            title status startsAt endsAt tags usageLimit
            codes(first: 1) { nodes { code } }
            combinesWith { ...DiscountCombinesParts }
            context { ...DiscountContextParts }
            minimumRequirement { ...DiscountMinimumParts }
            customerGets { ...DiscountGetsParts }
          }
          ... on DiscountCodeBxgy {
            title status startsAt endsAt tags usageLimit
            codes(first: 1) { nodes { code } }
            combinesWith { ...DiscountCombinesParts }
            context { ...DiscountContextParts }
            customerBuys { ...DiscountBuysParts }
            customerGets { ...DiscountGetsParts }
          }
          ... on DiscountCodeFreeShipping {
            title status startsAt endsAt tags usageLimit
            codes(first: 1) { nodes { code } }
            combinesWith { ...DiscountCombinesParts }
            context { ...DiscountContextParts }
            minimumRequirement { ...DiscountMinimumParts }
          }
          ... on DiscountCodeApp {
            title status startsAt endsAt tags
            codes(first: 1) { nodes { code } }
            combinesWith { ...DiscountCombinesParts }
            context { ...DiscountContextParts }
          }
        }
      }
      pageInfo { hasNextPage endCursor }
    }
  }
  ${DISCOUNT_PARTS}
` as const;

export const CREATE_AUTOMATIC_BASIC = `#graphql
  mutation CreateAutomaticBasic($discount: DiscountAutomaticBasicInput!) {
    discountAutomaticBasicCreate(automaticBasicDiscount: $discount) {
      automaticDiscountNode { id }
      userErrors { field message code }
    }
  }
` as const;

export const UPDATE_AUTOMATIC_BASIC = `#graphql
  mutation UpdateAutomaticBasic($id: ID!, $discount: DiscountAutomaticBasicInput!) {
    discountAutomaticBasicUpdate(id: $id, automaticBasicDiscount: $discount) {
      automaticDiscountNode { id }
      userErrors { field message code }
    }
  }
` as const;

export const CREATE_AUTOMATIC_BXGY = `#graphql
  mutation CreateAutomaticBxgy($discount: DiscountAutomaticBxgyInput!) {
    discountAutomaticBxgyCreate(automaticBxgyDiscount: $discount) {
      automaticDiscountNode { id }
      userErrors { field message code }
    }
  }
` as const;

export const UPDATE_AUTOMATIC_BXGY = `#graphql
  mutation UpdateAutomaticBxgy($id: ID!, $discount: DiscountAutomaticBxgyInput!) {
    discountAutomaticBxgyUpdate(id: $id, automaticBxgyDiscount: $discount) {
      automaticDiscountNode { id }
      userErrors { field message code }
    }
  }
` as const;

export const CREATE_AUTOMATIC_FREE_SHIPPING = `#graphql
  mutation CreateAutomaticFreeShipping($discount: DiscountAutomaticFreeShippingInput!) {
    discountAutomaticFreeShippingCreate(freeShippingAutomaticDiscount: $discount) {
      automaticDiscountNode { id }
      userErrors { field message code }
    }
  }
` as const;

export const UPDATE_AUTOMATIC_FREE_SHIPPING = `#graphql
  mutation UpdateAutomaticFreeShipping($id: ID!, $discount: DiscountAutomaticFreeShippingInput!) {
    discountAutomaticFreeShippingUpdate(id: $id, freeShippingAutomaticDiscount: $discount) {
      automaticDiscountNode { id }
      userErrors { field message code }
    }
  }
` as const;

export const CREATE_AUTOMATIC_APP = `#graphql
  mutation CreateAutomaticApp($discount: DiscountAutomaticAppInput!) {
    discountAutomaticAppCreate(automaticAppDiscount: $discount) {
      automaticAppDiscount { discountId }
      userErrors { field message code }
    }
  }
` as const;

export const UPDATE_AUTOMATIC_APP = `#graphql
  mutation UpdateAutomaticApp($id: ID!, $discount: DiscountAutomaticAppInput!) {
    discountAutomaticAppUpdate(id: $id, automaticAppDiscount: $discount) {
      automaticAppDiscount { discountId }
      userErrors { field message code }
    }
  }
` as const;

export const CREATE_CODE_BASIC = `#graphql
  mutation CreateCodeBasic($discount: DiscountCodeBasicInput!) {
    discountCodeBasicCreate(basicCodeDiscount: $discount) {
      codeDiscountNode { id }
      userErrors { field message code }
    }
  }
` as const;

export const UPDATE_CODE_BASIC = `#graphql
  mutation UpdateCodeBasic($id: ID!, $discount: DiscountCodeBasicInput!) {
    discountCodeBasicUpdate(id: $id, basicCodeDiscount: $discount) {
      codeDiscountNode { id }
      userErrors { field message code }
    }
  }
` as const;

export const CREATE_CODE_BXGY = `#graphql
  mutation CreateCodeBxgy($discount: DiscountCodeBxgyInput!) {
    discountCodeBxgyCreate(bxgyCodeDiscount: $discount) {
      codeDiscountNode { id }
      userErrors { field message code }
    }
  }
` as const;

export const UPDATE_CODE_BXGY = `#graphql
  mutation UpdateCodeBxgy($id: ID!, $discount: DiscountCodeBxgyInput!) {
    discountCodeBxgyUpdate(id: $id, bxgyCodeDiscount: $discount) {
      codeDiscountNode { id }
      userErrors { field message code }
    }
  }
` as const;

export const CREATE_CODE_FREE_SHIPPING = `#graphql
  mutation CreateCodeFreeShipping($discount: DiscountCodeFreeShippingInput!) {
    discountCodeFreeShippingCreate(freeShippingCodeDiscount: $discount) {
      codeDiscountNode { id }
      userErrors { field message code }
    }
  }
` as const;

export const UPDATE_CODE_FREE_SHIPPING = `#graphql
  mutation UpdateCodeFreeShipping($id: ID!, $discount: DiscountCodeFreeShippingInput!) {
    discountCodeFreeShippingUpdate(id: $id, freeShippingCodeDiscount: $discount) {
      codeDiscountNode { id }
      userErrors { field message code }
    }
  }
` as const;

export const DEACTIVATE_AUTOMATIC = `#graphql
  mutation DeactivateAutomatic($id: ID!) {
    discountAutomaticDeactivate(id: $id) {
      automaticDiscountNode { id }
      userErrors { field message code }
    }
  }
` as const;

export const DEACTIVATE_CODE = `#graphql
  mutation DeactivateCode($id: ID!) {
    discountCodeDeactivate(id: $id) {
      codeDiscountNode { id }
      userErrors { field message code }
    }
  }
` as const;

export const DELETE_AUTOMATIC = `#graphql
  mutation DeleteAutomatic($id: ID!) {
    discountAutomaticDelete(id: $id) {
      deletedAutomaticDiscountId
      userErrors { field message code }
    }
  }
` as const;

export const DELETE_CODE = `#graphql
  mutation DeleteCode($id: ID!) {
    discountCodeDelete(id: $id) {
      deletedCodeDiscountId
      userErrors { field message code }
    }
  }
` as const;

/** The segments of customers with an offer's tag: native discounts are limited to segments, not to tags. */
export const CREATE_OFFER_SEGMENT = `#graphql
  mutation CreateOfferSegment($name: String!, $query: String!) {
    segmentCreate(name: $name, query: $query) {
      segment { id name query }
      userErrors { field message }
    }
  }
` as const;

export const DELETE_OFFER_SEGMENT = `#graphql
  mutation DeleteOfferSegment($id: ID!) {
    segmentDelete(id: $id) {
      deletedSegmentId
      userErrors { field message }
    }
  }
` as const;

export const FIND_OFFER_SEGMENTS = `#graphql
  query FindOfferSegments($after: String) {
    segments(first: 250, after: $after) {
      nodes { id name query }
      pageInfo { hasNextPage endCursor }
    }
  }
` as const;

/** Which discounts an order was placed with. */
export const READ_ORDER_DISCOUNTS = `#graphql
  query ReadOrderDiscounts($ids: [ID!]!) {
    nodes(ids: $ids) {
      __typename
      ... on Order {
        id
        discountCodes
        totalDiscountsSet { shopMoney { amount currencyCode } }
        discountApplications(first: 20) {
          nodes {
            __typename
            ... on AutomaticDiscountApplication { title }
            ... on DiscountCodeApplication { code }
          }
        }
      }
    }
  }
` as const;
