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

/** The eighteen mutations that make, change, deactivate and delete discounts differ in these names alone. */
const WRITTEN = {
  automatic: {
    basic: { name: 'AutomaticBasic', argument: 'automaticBasicDiscount' },
    bxgy: { name: 'AutomaticBxgy', argument: 'automaticBxgyDiscount' },
    free_shipping: { name: 'AutomaticFreeShipping', argument: 'freeShippingAutomaticDiscount' },
    app: { name: 'AutomaticApp', argument: 'automaticAppDiscount' },
  },
  code: {
    basic: { name: 'CodeBasic', argument: 'basicCodeDiscount' },
    bxgy: { name: 'CodeBxgy', argument: 'bxgyCodeDiscount' },
    free_shipping: { name: 'CodeFreeShipping', argument: 'freeShippingCodeDiscount' },
  },
} as const;
type DiscountMethod = keyof typeof WRITTEN;

const ANSWER = { automatic: 'automaticDiscountNode { id }', code: 'codeDiscountNode { id }' } as const;
const ERRORS = 'userErrors { field message code }';
/** As every document begins; put together, its types are not made from it. */
const MARK = '#graphql\n';

/**
 * Variables: $discount, and $id of an update.
 * @throws TypeError for a code of the function's discounts, which we do not make
 */
function writeDiscount<M extends DiscountMethod>(
  act: 'Create' | 'Update',
  method: M,
  kind: keyof (typeof WRITTEN)[M],
): string {
  const { name, argument } = WRITTEN[method][kind] as { name: string; argument: string };
  const [variable, given] = act === 'Update' ? ['$id: ID!, ', 'id: $id, '] : ['', ''];
  const answer = kind === 'app' ? 'automaticAppDiscount { discountId }' : ANSWER[method];
  return `${MARK}mutation ${act}${name}(${variable}$discount: Discount${name}Input!) {
    discount${name}${act}(${given}${argument}: $discount) { ${answer} ${ERRORS} }
  }`;
}

/** Variable: $id. */
function endDiscount(act: 'Deactivate' | 'Delete', method: DiscountMethod): string {
  const name = method === 'automatic' ? 'Automatic' : 'Code';
  const answer = act === 'Delete' ? `deleted${name}DiscountId` : ANSWER[method];
  return `${MARK}mutation ${act}${name}($id: ID!) { discount${name}${act}(id: $id) { ${answer} ${ERRORS} } }`;
}

export const CREATE_AUTOMATIC_BASIC = writeDiscount('Create', 'automatic', 'basic');
export const UPDATE_AUTOMATIC_BASIC = writeDiscount('Update', 'automatic', 'basic');
export const CREATE_AUTOMATIC_BXGY = writeDiscount('Create', 'automatic', 'bxgy');
export const UPDATE_AUTOMATIC_BXGY = writeDiscount('Update', 'automatic', 'bxgy');
export const CREATE_AUTOMATIC_FREE_SHIPPING = writeDiscount('Create', 'automatic', 'free_shipping');
export const UPDATE_AUTOMATIC_FREE_SHIPPING = writeDiscount('Update', 'automatic', 'free_shipping');
export const CREATE_AUTOMATIC_APP = writeDiscount('Create', 'automatic', 'app');
export const UPDATE_AUTOMATIC_APP = writeDiscount('Update', 'automatic', 'app');
export const CREATE_CODE_BASIC = writeDiscount('Create', 'code', 'basic');
export const UPDATE_CODE_BASIC = writeDiscount('Update', 'code', 'basic');
export const CREATE_CODE_BXGY = writeDiscount('Create', 'code', 'bxgy');
export const UPDATE_CODE_BXGY = writeDiscount('Update', 'code', 'bxgy');
export const CREATE_CODE_FREE_SHIPPING = writeDiscount('Create', 'code', 'free_shipping');
export const UPDATE_CODE_FREE_SHIPPING = writeDiscount('Update', 'code', 'free_shipping');
export const DEACTIVATE_AUTOMATIC = endDiscount('Deactivate', 'automatic');
export const DELETE_AUTOMATIC = endDiscount('Delete', 'automatic');
export const DEACTIVATE_CODE = endDiscount('Deactivate', 'code');
export const DELETE_CODE = endDiscount('Delete', 'code');

/** Which discounts an order was placed with. */
export const READ_ORDER_DISCOUNTS = `#graphql
  query ReadOrderDiscounts($ids: [ID!]!) {
    nodes(ids: $ids) {
      __typename
      ... on Order {
        id
        discountCodes
        totalDiscountsSet { shopMoney { amount currencyCode } }
        shippingLine {
          originalPriceSet { shopMoney { amount currencyCode } }
          discountedPriceSet { shopMoney { amount currencyCode } }
        }
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
