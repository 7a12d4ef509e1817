/* eslint-disable eslint-comments/disable-enable-pair */
/* eslint-disable eslint-comments/no-unlimited-disable */
/* eslint-disable */
import type * as AdminTypes from './admin.types.js';

export type RunBulkQueryMutationVariables = AdminTypes.Exact<{
  query: AdminTypes.Scalars['String']['input'];
}>;


export type RunBulkQueryMutation = { bulkOperationRunQuery?: AdminTypes.Maybe<{ bulkOperation?: AdminTypes.Maybe<Pick<AdminTypes.BulkOperation, 'id' | 'status' | 'createdAt'>>, userErrors: Array<Pick<AdminTypes.BulkOperationUserError, 'field' | 'message' | 'code'>> }> };

export type RunBulkMutationMutationVariables = AdminTypes.Exact<{
  mutation: AdminTypes.Scalars['String']['input'];
  stagedUploadPath: AdminTypes.Scalars['String']['input'];
  clientIdentifier?: AdminTypes.InputMaybe<AdminTypes.Scalars['String']['input']>;
}>;


export type RunBulkMutationMutation = { bulkOperationRunMutation?: AdminTypes.Maybe<{ bulkOperation?: AdminTypes.Maybe<Pick<AdminTypes.BulkOperation, 'id' | 'status' | 'createdAt'>>, userErrors: Array<Pick<AdminTypes.BulkMutationUserError, 'field' | 'message' | 'code'>> }> };

export type ReadBulkOperationQueryVariables = AdminTypes.Exact<{
  id: AdminTypes.Scalars['ID']['input'];
}>;


export type ReadBulkOperationQuery = { bulkOperation?: AdminTypes.Maybe<Pick<AdminTypes.BulkOperation, 'id' | 'status' | 'errorCode' | 'type' | 'createdAt' | 'completedAt' | 'objectCount' | 'rootObjectCount' | 'fileSize' | 'url' | 'partialDataUrl'>> };

export type CancelBulkOperationMutationVariables = AdminTypes.Exact<{
  id: AdminTypes.Scalars['ID']['input'];
}>;


export type CancelBulkOperationMutation = { bulkOperationCancel?: AdminTypes.Maybe<{ bulkOperation?: AdminTypes.Maybe<Pick<AdminTypes.BulkOperation, 'id' | 'status'>>, userErrors: Array<Pick<AdminTypes.UserError, 'field' | 'message'>> }> };

export type StageUploadsMutationVariables = AdminTypes.Exact<{
  input: Array<AdminTypes.StagedUploadInput> | AdminTypes.StagedUploadInput;
}>;


export type StageUploadsMutation = { stagedUploadsCreate?: AdminTypes.Maybe<{ stagedTargets?: AdminTypes.Maybe<Array<(
      Pick<AdminTypes.StagedMediaUploadTarget, 'url' | 'resourceUrl'>
      & { parameters: Array<Pick<AdminTypes.StagedUploadParameter, 'name' | 'value'>> }
    )>>, userErrors: Array<Pick<AdminTypes.UserError, 'field' | 'message'>> }> };

export type ReadCustomerNamesQueryVariables = AdminTypes.Exact<{
  ids: Array<AdminTypes.Scalars['ID']['input']> | AdminTypes.Scalars['ID']['input'];
}>;


export type ReadCustomerNamesQuery = { nodes: Array<AdminTypes.Maybe<(
    Pick<AdminTypes.Customer, 'id' | 'displayName'>
    & { defaultEmailAddress?: AdminTypes.Maybe<Pick<AdminTypes.CustomerEmailAddress, 'emailAddress'>> }
  )>> };

export type CustomerFactsFragment = (
  Pick<AdminTypes.Customer, 'id' | 'createdAt' | 'updatedAt' | 'state' | 'verifiedEmail' | 'locale' | 'tags' | 'numberOfOrders'>
  & { amountSpent: Pick<AdminTypes.MoneyV2, 'amount' | 'currencyCode'>, statistics: Pick<AdminTypes.CustomerStatistics, 'rfmGroup'>, defaultEmailAddress?: AdminTypes.Maybe<Pick<AdminTypes.CustomerEmailAddress, 'marketingState' | 'marketingUpdatedAt'>>, defaultPhoneNumber?: AdminTypes.Maybe<{ smsMarketingConsent: Pick<AdminTypes.CustomerSmsMarketingConsent, 'state' | 'updatedAt'> }>, defaultAddress?: AdminTypes.Maybe<Pick<AdminTypes.MailingAddress, 'countryCodeV2' | 'provinceCode' | 'city'>> }
);

export type OrderFactsFragment = (
  Pick<AdminTypes.Order, 'id' | 'name' | 'createdAt' | 'processedAt' | 'updatedAt' | 'cancelledAt' | 'test' | 'displayFinancialStatus' | 'currencyCode' | 'presentmentCurrencyCode' | 'sourceName' | 'tags' | 'discountCodes'>
  & { customer?: AdminTypes.Maybe<Pick<AdminTypes.Customer, 'id'>>, purchasingEntity?: AdminTypes.Maybe<{ __typename: 'Customer' | 'PurchasingCompany' }>, totalPriceSet: { shopMoney: Pick<AdminTypes.MoneyV2, 'amount'> }, currentTotalPriceSet: { shopMoney: Pick<AdminTypes.MoneyV2, 'amount'> }, currentSubtotalPriceSet: { shopMoney: Pick<AdminTypes.MoneyV2, 'amount'> }, currentTotalTaxSet: { shopMoney: Pick<AdminTypes.MoneyV2, 'amount'> }, currentShippingPriceSet: { shopMoney: Pick<AdminTypes.MoneyV2, 'amount'> }, totalDiscountsSet?: AdminTypes.Maybe<{ shopMoney: Pick<AdminTypes.MoneyV2, 'amount'> }>, totalRefundedSet: { shopMoney: Pick<AdminTypes.MoneyV2, 'amount'> }, netPaymentSet: { shopMoney: Pick<AdminTypes.MoneyV2, 'amount'> }, customerJourneySummary?: AdminTypes.Maybe<(
    Pick<AdminTypes.CustomerJourneySummary, 'ready'>
    & { firstVisit?: AdminTypes.Maybe<(
      Pick<AdminTypes.CustomerVisit, 'source'>
      & { utmParameters?: AdminTypes.Maybe<Pick<AdminTypes.UtmParameters, 'campaign'>> }
    )>, lastVisit?: AdminTypes.Maybe<Pick<AdminTypes.CustomerVisit, 'source'>> }
  )>, refunds: Array<(
    Pick<AdminTypes.Refund, 'id' | 'createdAt'>
    & { totalRefundedSet: { shopMoney: Pick<AdminTypes.MoneyV2, 'amount'> } }
  )> }
);

export type LineFactsFragment = (
  Pick<AdminTypes.LineItem, 'id' | 'title' | 'sku' | 'vendor' | 'quantity' | 'currentQuantity' | 'isGiftCard'>
  & { product?: AdminTypes.Maybe<Pick<AdminTypes.Product, 'id'>>, variant?: AdminTypes.Maybe<Pick<AdminTypes.ProductVariant, 'id'>>, originalTotalSet: { shopMoney: Pick<AdminTypes.MoneyV2, 'amount'> }, discountedTotalSet: { shopMoney: Pick<AdminTypes.MoneyV2, 'amount'> } }
);

export type ProductFactsFragment = Pick<AdminTypes.Product, 'id' | 'title' | 'vendor' | 'productType' | 'status' | 'tags' | 'createdAt' | 'updatedAt'>;

export type ReadCustomersQueryVariables = AdminTypes.Exact<{
  ids: Array<AdminTypes.Scalars['ID']['input']> | AdminTypes.Scalars['ID']['input'];
}>;


export type ReadCustomersQuery = { nodes: Array<AdminTypes.Maybe<(
    Pick<AdminTypes.Customer, 'id' | 'createdAt' | 'updatedAt' | 'state' | 'verifiedEmail' | 'locale' | 'tags' | 'numberOfOrders'>
    & { amountSpent: Pick<AdminTypes.MoneyV2, 'amount' | 'currencyCode'>, statistics: Pick<AdminTypes.CustomerStatistics, 'rfmGroup'>, defaultEmailAddress?: AdminTypes.Maybe<Pick<AdminTypes.CustomerEmailAddress, 'marketingState' | 'marketingUpdatedAt'>>, defaultPhoneNumber?: AdminTypes.Maybe<{ smsMarketingConsent: Pick<AdminTypes.CustomerSmsMarketingConsent, 'state' | 'updatedAt'> }>, defaultAddress?: AdminTypes.Maybe<Pick<AdminTypes.MailingAddress, 'countryCodeV2' | 'provinceCode' | 'city'>> }
  )>> };

export type ReadOrdersQueryVariables = AdminTypes.Exact<{
  ids: Array<AdminTypes.Scalars['ID']['input']> | AdminTypes.Scalars['ID']['input'];
}>;


export type ReadOrdersQuery = { nodes: Array<AdminTypes.Maybe<(
    Pick<AdminTypes.Order, 'id' | 'name' | 'createdAt' | 'processedAt' | 'updatedAt' | 'cancelledAt' | 'test' | 'displayFinancialStatus' | 'currencyCode' | 'presentmentCurrencyCode' | 'sourceName' | 'tags' | 'discountCodes'>
    & { lineItems: { nodes: Array<(
        Pick<AdminTypes.LineItem, 'id' | 'title' | 'sku' | 'vendor' | 'quantity' | 'currentQuantity' | 'isGiftCard'>
        & { product?: AdminTypes.Maybe<Pick<AdminTypes.Product, 'id'>>, variant?: AdminTypes.Maybe<Pick<AdminTypes.ProductVariant, 'id'>>, originalTotalSet: { shopMoney: Pick<AdminTypes.MoneyV2, 'amount'> }, discountedTotalSet: { shopMoney: Pick<AdminTypes.MoneyV2, 'amount'> } }
      )>, pageInfo: Pick<AdminTypes.PageInfo, 'hasNextPage' | 'endCursor'> }, customer?: AdminTypes.Maybe<Pick<AdminTypes.Customer, 'id'>>, purchasingEntity?: AdminTypes.Maybe<{ __typename: 'Customer' | 'PurchasingCompany' }>, totalPriceSet: { shopMoney: Pick<AdminTypes.MoneyV2, 'amount'> }, currentTotalPriceSet: { shopMoney: Pick<AdminTypes.MoneyV2, 'amount'> }, currentSubtotalPriceSet: { shopMoney: Pick<AdminTypes.MoneyV2, 'amount'> }, currentTotalTaxSet: { shopMoney: Pick<AdminTypes.MoneyV2, 'amount'> }, currentShippingPriceSet: { shopMoney: Pick<AdminTypes.MoneyV2, 'amount'> }, totalDiscountsSet?: AdminTypes.Maybe<{ shopMoney: Pick<AdminTypes.MoneyV2, 'amount'> }>, totalRefundedSet: { shopMoney: Pick<AdminTypes.MoneyV2, 'amount'> }, netPaymentSet: { shopMoney: Pick<AdminTypes.MoneyV2, 'amount'> }, customerJourneySummary?: AdminTypes.Maybe<(
      Pick<AdminTypes.CustomerJourneySummary, 'ready'>
      & { firstVisit?: AdminTypes.Maybe<(
        Pick<AdminTypes.CustomerVisit, 'source'>
        & { utmParameters?: AdminTypes.Maybe<Pick<AdminTypes.UtmParameters, 'campaign'>> }
      )>, lastVisit?: AdminTypes.Maybe<Pick<AdminTypes.CustomerVisit, 'source'>> }
    )>, refunds: Array<(
      Pick<AdminTypes.Refund, 'id' | 'createdAt'>
      & { totalRefundedSet: { shopMoney: Pick<AdminTypes.MoneyV2, 'amount'> } }
    )> }
  )>> };

export type ReadOrderLinesQueryVariables = AdminTypes.Exact<{
  id: AdminTypes.Scalars['ID']['input'];
  after?: AdminTypes.InputMaybe<AdminTypes.Scalars['String']['input']>;
}>;


export type ReadOrderLinesQuery = { order?: AdminTypes.Maybe<(
    Pick<AdminTypes.Order, 'updatedAt'>
    & { lineItems: { nodes: Array<(
        Pick<AdminTypes.LineItem, 'id' | 'title' | 'sku' | 'vendor' | 'quantity' | 'currentQuantity' | 'isGiftCard'>
        & { product?: AdminTypes.Maybe<Pick<AdminTypes.Product, 'id'>>, variant?: AdminTypes.Maybe<Pick<AdminTypes.ProductVariant, 'id'>>, originalTotalSet: { shopMoney: Pick<AdminTypes.MoneyV2, 'amount'> }, discountedTotalSet: { shopMoney: Pick<AdminTypes.MoneyV2, 'amount'> } }
      )>, pageInfo: Pick<AdminTypes.PageInfo, 'hasNextPage' | 'endCursor'> } }
  )> };

export type ReadProductsQueryVariables = AdminTypes.Exact<{
  ids: Array<AdminTypes.Scalars['ID']['input']> | AdminTypes.Scalars['ID']['input'];
}>;


export type ReadProductsQuery = { nodes: Array<AdminTypes.Maybe<Pick<AdminTypes.Product, 'id' | 'title' | 'vendor' | 'productType' | 'status' | 'tags' | 'createdAt' | 'updatedAt'>>> };

export type ReadChangedCustomersQueryVariables = AdminTypes.Exact<{
  search: AdminTypes.Scalars['String']['input'];
  after?: AdminTypes.InputMaybe<AdminTypes.Scalars['String']['input']>;
}>;


export type ReadChangedCustomersQuery = { customers: { nodes: Array<(
      Pick<AdminTypes.Customer, 'id' | 'createdAt' | 'updatedAt' | 'state' | 'verifiedEmail' | 'locale' | 'tags' | 'numberOfOrders'>
      & { amountSpent: Pick<AdminTypes.MoneyV2, 'amount' | 'currencyCode'>, statistics: Pick<AdminTypes.CustomerStatistics, 'rfmGroup'>, defaultEmailAddress?: AdminTypes.Maybe<Pick<AdminTypes.CustomerEmailAddress, 'marketingState' | 'marketingUpdatedAt'>>, defaultPhoneNumber?: AdminTypes.Maybe<{ smsMarketingConsent: Pick<AdminTypes.CustomerSmsMarketingConsent, 'state' | 'updatedAt'> }>, defaultAddress?: AdminTypes.Maybe<Pick<AdminTypes.MailingAddress, 'countryCodeV2' | 'provinceCode' | 'city'>> }
    )>, pageInfo: Pick<AdminTypes.PageInfo, 'hasNextPage' | 'endCursor'> } };

export type ReadChangedOrdersQueryVariables = AdminTypes.Exact<{
  search: AdminTypes.Scalars['String']['input'];
  after?: AdminTypes.InputMaybe<AdminTypes.Scalars['String']['input']>;
}>;


export type ReadChangedOrdersQuery = { orders: { nodes: Array<(
      Pick<AdminTypes.Order, 'id' | 'name' | 'createdAt' | 'processedAt' | 'updatedAt' | 'cancelledAt' | 'test' | 'displayFinancialStatus' | 'currencyCode' | 'presentmentCurrencyCode' | 'sourceName' | 'tags' | 'discountCodes'>
      & { lineItems: { nodes: Array<(
          Pick<AdminTypes.LineItem, 'id' | 'title' | 'sku' | 'vendor' | 'quantity' | 'currentQuantity' | 'isGiftCard'>
          & { product?: AdminTypes.Maybe<Pick<AdminTypes.Product, 'id'>>, variant?: AdminTypes.Maybe<Pick<AdminTypes.ProductVariant, 'id'>>, originalTotalSet: { shopMoney: Pick<AdminTypes.MoneyV2, 'amount'> }, discountedTotalSet: { shopMoney: Pick<AdminTypes.MoneyV2, 'amount'> } }
        )>, pageInfo: Pick<AdminTypes.PageInfo, 'hasNextPage' | 'endCursor'> }, customer?: AdminTypes.Maybe<Pick<AdminTypes.Customer, 'id'>>, purchasingEntity?: AdminTypes.Maybe<{ __typename: 'Customer' | 'PurchasingCompany' }>, totalPriceSet: { shopMoney: Pick<AdminTypes.MoneyV2, 'amount'> }, currentTotalPriceSet: { shopMoney: Pick<AdminTypes.MoneyV2, 'amount'> }, currentSubtotalPriceSet: { shopMoney: Pick<AdminTypes.MoneyV2, 'amount'> }, currentTotalTaxSet: { shopMoney: Pick<AdminTypes.MoneyV2, 'amount'> }, currentShippingPriceSet: { shopMoney: Pick<AdminTypes.MoneyV2, 'amount'> }, totalDiscountsSet?: AdminTypes.Maybe<{ shopMoney: Pick<AdminTypes.MoneyV2, 'amount'> }>, totalRefundedSet: { shopMoney: Pick<AdminTypes.MoneyV2, 'amount'> }, netPaymentSet: { shopMoney: Pick<AdminTypes.MoneyV2, 'amount'> }, customerJourneySummary?: AdminTypes.Maybe<(
        Pick<AdminTypes.CustomerJourneySummary, 'ready'>
        & { firstVisit?: AdminTypes.Maybe<(
          Pick<AdminTypes.CustomerVisit, 'source'>
          & { utmParameters?: AdminTypes.Maybe<Pick<AdminTypes.UtmParameters, 'campaign'>> }
        )>, lastVisit?: AdminTypes.Maybe<Pick<AdminTypes.CustomerVisit, 'source'>> }
      )>, refunds: Array<(
        Pick<AdminTypes.Refund, 'id' | 'createdAt'>
        & { totalRefundedSet: { shopMoney: Pick<AdminTypes.MoneyV2, 'amount'> } }
      )> }
    )>, pageInfo: Pick<AdminTypes.PageInfo, 'hasNextPage' | 'endCursor'> } };

export type ReadChangedProductsQueryVariables = AdminTypes.Exact<{
  search: AdminTypes.Scalars['String']['input'];
  after?: AdminTypes.InputMaybe<AdminTypes.Scalars['String']['input']>;
}>;


export type ReadChangedProductsQuery = { products: { nodes: Array<Pick<AdminTypes.Product, 'id' | 'title' | 'vendor' | 'productType' | 'status' | 'tags' | 'createdAt' | 'updatedAt'>>, pageInfo: Pick<AdminTypes.PageInfo, 'hasNextPage' | 'endCursor'> } };

export type RecentBulkMutationsQueryVariables = AdminTypes.Exact<{ [key: string]: never; }>;


export type RecentBulkMutationsQuery = { bulkOperations: { nodes: Array<Pick<AdminTypes.BulkOperation, 'id' | 'query'>> } };

export type RecentBulkQueriesQueryVariables = AdminTypes.Exact<{ [key: string]: never; }>;


export type RecentBulkQueriesQuery = { bulkOperations: { nodes: Array<Pick<AdminTypes.BulkOperation, 'id' | 'status' | 'createdAt' | 'query'>> } };

export type ReadShopQueryVariables = AdminTypes.Exact<{ [key: string]: never; }>;


export type ReadShopQuery = { shop: (
    Pick<AdminTypes.Shop, 'id' | 'name' | 'myshopifyDomain' | 'currencyCode' | 'ianaTimezone'>
    & { plan: Pick<AdminTypes.ShopPlan, 'publicDisplayName' | 'partnerDevelopment' | 'shopifyPlus'> }
  ), currentAppInstallation: { accessScopes: Array<Pick<AdminTypes.AccessScope, 'handle'>> } };

interface GeneratedQueryTypes {
  "#graphql\n  query ReadBulkOperation($id: ID!) {\n    bulkOperation(id: $id) {\n      id\n      status\n      errorCode\n      type\n      createdAt\n      completedAt\n      objectCount\n      rootObjectCount\n      fileSize\n      url\n      partialDataUrl\n    }\n  }\n": {return: ReadBulkOperationQuery, variables: ReadBulkOperationQueryVariables},
  "#graphql\n  query ReadCustomerNames($ids: [ID!]!) {\n    nodes(ids: $ids) {\n      ... on Customer {\n        id\n        displayName\n        defaultEmailAddress { emailAddress }\n      }\n    }\n  }\n": {return: ReadCustomerNamesQuery, variables: ReadCustomerNamesQueryVariables},
  "#graphql\n  query ReadCustomers($ids: [ID!]!) {\n    nodes(ids: $ids) {\n      ...CustomerFacts\n    }\n  }\n  #graphql\n  fragment CustomerFacts on Customer {\n    id\n    createdAt\n    updatedAt\n    state\n    verifiedEmail\n    locale\n    tags\n    numberOfOrders\n    amountSpent { amount currencyCode }\n    statistics { rfmGroup }\n    defaultEmailAddress { marketingState marketingUpdatedAt }\n    defaultPhoneNumber { smsMarketingConsent { state updatedAt } }\n    defaultAddress { countryCodeV2 provinceCode city }\n  }\n\n": {return: ReadCustomersQuery, variables: ReadCustomersQueryVariables},
  "#graphql\n  query ReadOrders($ids: [ID!]!) {\n    nodes(ids: $ids) {\n      ...OrderFacts\n      ... on Order {\n        lineItems(first: 15) {\n          nodes { ...LineFacts }\n          pageInfo { hasNextPage endCursor }\n        }\n      }\n    }\n  }\n  #graphql\n  fragment OrderFacts on Order {\n    id\n    name\n    createdAt\n    processedAt\n    updatedAt\n    cancelledAt\n    test\n    displayFinancialStatus\n    currencyCode\n    presentmentCurrencyCode\n    sourceName\n    tags\n    discountCodes\n    customer { id }\n    purchasingEntity { __typename }\n    totalPriceSet { shopMoney { amount } }\n    currentTotalPriceSet { shopMoney { amount } }\n    currentSubtotalPriceSet { shopMoney { amount } }\n    currentTotalTaxSet { shopMoney { amount } }\n    currentShippingPriceSet { shopMoney { amount } }\n    totalDiscountsSet { shopMoney { amount } }\n    totalRefundedSet { shopMoney { amount } }\n    netPaymentSet { shopMoney { amount } }\n    customerJourneySummary {\n      ready\n      firstVisit { source utmParameters { campaign } }\n      lastVisit { source }\n    }\n    refunds { id createdAt totalRefundedSet { shopMoney { amount } } }\n  }\n\n  #graphql\n  fragment LineFacts on LineItem {\n    id\n    title\n    sku\n    vendor\n    quantity\n    currentQuantity\n    isGiftCard\n    product { id }\n    variant { id }\n    originalTotalSet { shopMoney { amount } }\n    discountedTotalSet(withCodeDiscounts: true) { shopMoney { amount } }\n  }\n\n": {return: ReadOrdersQuery, variables: ReadOrdersQueryVariables},
  "#graphql\n  query ReadOrderLines($id: ID!, $after: String) {\n    order(id: $id) {\n      updatedAt\n      lineItems(first: 100, after: $after) {\n        nodes { ...LineFacts }\n        pageInfo { hasNextPage endCursor }\n      }\n    }\n  }\n  #graphql\n  fragment LineFacts on LineItem {\n    id\n    title\n    sku\n    vendor\n    quantity\n    currentQuantity\n    isGiftCard\n    product { id }\n    variant { id }\n    originalTotalSet { shopMoney { amount } }\n    discountedTotalSet(withCodeDiscounts: true) { shopMoney { amount } }\n  }\n\n": {return: ReadOrderLinesQuery, variables: ReadOrderLinesQueryVariables},
  "#graphql\n  query ReadProducts($ids: [ID!]!) {\n    nodes(ids: $ids) {\n      ...ProductFacts\n    }\n  }\n  #graphql\n  fragment ProductFacts on Product {\n    id\n    title\n    vendor\n    productType\n    status\n    tags\n    createdAt\n    updatedAt\n  }\n\n": {return: ReadProductsQuery, variables: ReadProductsQueryVariables},
  "#graphql\n  query ReadChangedCustomers($search: String!, $after: String) {\n    customers(first: 50, after: $after, query: $search, sortKey: UPDATED_AT) {\n      nodes { ...CustomerFacts }\n      pageInfo { hasNextPage endCursor }\n    }\n  }\n  #graphql\n  fragment CustomerFacts on Customer {\n    id\n    createdAt\n    updatedAt\n    state\n    verifiedEmail\n    locale\n    tags\n    numberOfOrders\n    amountSpent { amount currencyCode }\n    statistics { rfmGroup }\n    defaultEmailAddress { marketingState marketingUpdatedAt }\n    defaultPhoneNumber { smsMarketingConsent { state updatedAt } }\n    defaultAddress { countryCodeV2 provinceCode city }\n  }\n\n": {return: ReadChangedCustomersQuery, variables: ReadChangedCustomersQueryVariables},
  "#graphql\n  query ReadChangedOrders($search: String!, $after: String) {\n    orders(first: 5, after: $after, query: $search, sortKey: UPDATED_AT) {\n      nodes {\n        ...OrderFacts\n        lineItems(first: 15) {\n          nodes { ...LineFacts }\n          pageInfo { hasNextPage endCursor }\n        }\n      }\n      pageInfo { hasNextPage endCursor }\n    }\n  }\n  #graphql\n  fragment OrderFacts on Order {\n    id\n    name\n    createdAt\n    processedAt\n    updatedAt\n    cancelledAt\n    test\n    displayFinancialStatus\n    currencyCode\n    presentmentCurrencyCode\n    sourceName\n    tags\n    discountCodes\n    customer { id }\n    purchasingEntity { __typename }\n    totalPriceSet { shopMoney { amount } }\n    currentTotalPriceSet { shopMoney { amount } }\n    currentSubtotalPriceSet { shopMoney { amount } }\n    currentTotalTaxSet { shopMoney { amount } }\n    currentShippingPriceSet { shopMoney { amount } }\n    totalDiscountsSet { shopMoney { amount } }\n    totalRefundedSet { shopMoney { amount } }\n    netPaymentSet { shopMoney { amount } }\n    customerJourneySummary {\n      ready\n      firstVisit { source utmParameters { campaign } }\n      lastVisit { source }\n    }\n    refunds { id createdAt totalRefundedSet { shopMoney { amount } } }\n  }\n\n  #graphql\n  fragment LineFacts on LineItem {\n    id\n    title\n    sku\n    vendor\n    quantity\n    currentQuantity\n    isGiftCard\n    product { id }\n    variant { id }\n    originalTotalSet { shopMoney { amount } }\n    discountedTotalSet(withCodeDiscounts: true) { shopMoney { amount } }\n  }\n\n": {return: ReadChangedOrdersQuery, variables: ReadChangedOrdersQueryVariables},
  "#graphql\n  query ReadChangedProducts($search: String!, $after: String) {\n    products(first: 50, after: $after, query: $search, sortKey: UPDATED_AT) {\n      nodes { ...ProductFacts }\n      pageInfo { hasNextPage endCursor }\n    }\n  }\n  #graphql\n  fragment ProductFacts on Product {\n    id\n    title\n    vendor\n    productType\n    status\n    tags\n    createdAt\n    updatedAt\n  }\n\n": {return: ReadChangedProductsQuery, variables: ReadChangedProductsQueryVariables},
  "#graphql\n  query RecentBulkMutations {\n    bulkOperations(first: 50, query: \"operation_type:mutation\", sortKey: CREATED_AT, reverse: true) {\n      nodes { id query }\n    }\n  }\n": {return: RecentBulkMutationsQuery, variables: RecentBulkMutationsQueryVariables},
  "#graphql\n  query RecentBulkQueries {\n    bulkOperations(first: 20, query: \"operation_type:query\", sortKey: CREATED_AT, reverse: true) {\n      nodes { id status createdAt query }\n    }\n  }\n": {return: RecentBulkQueriesQuery, variables: RecentBulkQueriesQueryVariables},
  "#graphql\n  query ReadShop {\n    shop {\n      id\n      name\n      myshopifyDomain\n      currencyCode\n      ianaTimezone\n      plan { publicDisplayName partnerDevelopment shopifyPlus }\n    }\n    currentAppInstallation { accessScopes { handle } }\n  }\n": {return: ReadShopQuery, variables: ReadShopQueryVariables},
}

interface GeneratedMutationTypes {
  "#graphql\n  mutation RunBulkQuery($query: String!) {\n    bulkOperationRunQuery(query: $query, groupObjects: false) {\n      bulkOperation { id status createdAt }\n      userErrors { field message code }\n    }\n  }\n": {return: RunBulkQueryMutation, variables: RunBulkQueryMutationVariables},
  "#graphql\n  mutation RunBulkMutation($mutation: String!, $stagedUploadPath: String!, $clientIdentifier: String) {\n    bulkOperationRunMutation(\n      mutation: $mutation\n      stagedUploadPath: $stagedUploadPath\n      clientIdentifier: $clientIdentifier\n    ) {\n      bulkOperation { id status createdAt }\n      userErrors { field message code }\n    }\n  }\n": {return: RunBulkMutationMutation, variables: RunBulkMutationMutationVariables},
  "#graphql\n  mutation CancelBulkOperation($id: ID!) {\n    bulkOperationCancel(id: $id) {\n      bulkOperation { id status }\n      userErrors { field message }\n    }\n  }\n": {return: CancelBulkOperationMutation, variables: CancelBulkOperationMutationVariables},
  "#graphql\n  mutation StageUploads($input: [StagedUploadInput!]!) {\n    stagedUploadsCreate(input: $input) {\n      stagedTargets {\n        url\n        resourceUrl\n        parameters { name value }\n      }\n      userErrors { field message }\n    }\n  }\n": {return: StageUploadsMutation, variables: StageUploadsMutationVariables},
}
declare module '@shopify/admin-api-client' {
  type InputMaybe<T> = AdminTypes.InputMaybe<T>;
  interface AdminQueries extends GeneratedQueryTypes {}
  interface AdminMutations extends GeneratedMutationTypes {}
}
