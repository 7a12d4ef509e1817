/**
 * What is read of a customer, an order, a line and a product: one place for bulk queries, re-reads and
 * reconciliation, so all three give the same facts.
 *
 * What needs a scope that not every store grants is behind a variable ($withLocations: read_locations).
 *
 * No protected field is selected: no names, e-mail addresses, phone numbers, streets or postal codes
 * (a test walks the documents against the schema's own marks).
 */
export const CUSTOMER_FACTS = `#graphql
  fragment CustomerFacts on Customer {
    id
    createdAt
    updatedAt
    state
    verifiedEmail
    locale
    tags
    numberOfOrders
    amountSpent { amount currencyCode }
    statistics { rfmGroup predictedSpendTier }
    productSubscriberStatus
    defaultEmailAddress { marketingState marketingUpdatedAt }
    defaultPhoneNumber { smsMarketingConsent { state updatedAt } }
    defaultAddress { countryCodeV2 provinceCode city }
  }
` as const;

export const ORDER_FACTS = `#graphql
  fragment OrderFacts on Order {
    id
    name
    createdAt
    processedAt
    updatedAt
    cancelledAt
    test
    displayFinancialStatus
    currencyCode
    presentmentCurrencyCode
    sourceName
    tags
    discountCodes
    customer { id }
    purchasingEntity { __typename }
    totalPriceSet { shopMoney { amount } }
    currentTotalPriceSet { shopMoney { amount } }
    currentSubtotalPriceSet { shopMoney { amount } }
    currentTotalTaxSet { shopMoney { amount } }
    currentShippingPriceSet { shopMoney { amount } }
    totalDiscountsSet { shopMoney { amount } }
    totalRefundedSet { shopMoney { amount } }
    netPaymentSet { shopMoney { amount } }
    customerJourneySummary {
      ready
      firstVisit { source utmParameters { source medium campaign content term } }
      lastVisit { source utmParameters { source medium campaign content term } }
    }
    attribution { displayName }
    app { name }
    returnStatus
    disputes { initiatedAs status }
    retailLocation @include(if: $withLocations) { id name }
    refunds { id createdAt totalRefundedSet { shopMoney { amount } } }
  }
` as const;

export const LINE_FACTS = `#graphql
  fragment LineFacts on LineItem {
    id
    title
    sku
    vendor
    quantity
    currentQuantity
    isGiftCard
    sellingPlan { name }
    product { id }
    variant { id }
    originalTotalSet { shopMoney { amount } }
    discountedTotalSet(withCodeDiscounts: true) { shopMoney { amount } }
  }
` as const;

export const PRODUCT_FACTS = `#graphql
  fragment ProductFacts on Product {
    id
    title
    vendor
    productType
    handle
    status
    tags
    createdAt
    updatedAt
  }
` as const;

export const COLLECTION_FACTS = `#graphql
  fragment CollectionFacts on Collection {
    id
    title
    handle
    updatedAt
  }
` as const;
