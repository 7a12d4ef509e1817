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

export type ReadCustomerPicksQueryVariables = AdminTypes.Exact<{
  ids: Array<AdminTypes.Scalars['ID']['input']> | AdminTypes.Scalars['ID']['input'];
  keys: Array<AdminTypes.Scalars['String']['input']> | AdminTypes.Scalars['String']['input'];
  withZip: AdminTypes.Scalars['Boolean']['input'];
  withMetafields: AdminTypes.Scalars['Boolean']['input'];
}>;


export type ReadCustomerPicksQuery = { nodes: Array<AdminTypes.Maybe<(
    Pick<AdminTypes.Customer, 'id'>
    & { defaultAddress?: AdminTypes.Maybe<Pick<AdminTypes.MailingAddress, 'zip'>>, metafields?: { nodes: Array<Pick<AdminTypes.Metafield, 'namespace' | 'key' | 'type' | 'value'>> } }
  )>> };

type DiscountItemsParts_AllDiscountItems_Fragment = (
  { __typename: 'AllDiscountItems' }
  & Pick<AdminTypes.AllDiscountItems, 'allItems'>
);

type DiscountItemsParts_DiscountCollections_Fragment = (
  { __typename: 'DiscountCollections' }
  & { collections: { nodes: Array<Pick<AdminTypes.Collection, 'id'>> } }
);

type DiscountItemsParts_DiscountProducts_Fragment = (
  { __typename: 'DiscountProducts' }
  & { products: { nodes: Array<Pick<AdminTypes.Product, 'id'>> } }
);

export type DiscountItemsPartsFragment = DiscountItemsParts_AllDiscountItems_Fragment | DiscountItemsParts_DiscountCollections_Fragment | DiscountItemsParts_DiscountProducts_Fragment;

export type DiscountGetsPartsFragment = { items: (
    { __typename: 'AllDiscountItems' }
    & Pick<AdminTypes.AllDiscountItems, 'allItems'>
  ) | (
    { __typename: 'DiscountCollections' }
    & { collections: { nodes: Array<Pick<AdminTypes.Collection, 'id'>> } }
  ) | (
    { __typename: 'DiscountProducts' }
    & { products: { nodes: Array<Pick<AdminTypes.Product, 'id'>> } }
  ), value: (
    { __typename: 'DiscountAmount' }
    & Pick<AdminTypes.DiscountAmount, 'appliesOnEachItem'>
    & { amount: Pick<AdminTypes.MoneyV2, 'amount' | 'currencyCode'> }
  ) | (
    { __typename: 'DiscountOnQuantity' }
    & { quantity: Pick<AdminTypes.DiscountQuantity, 'quantity'>, effect: (
      { __typename: 'DiscountAmount' }
      & Pick<AdminTypes.DiscountAmount, 'appliesOnEachItem'>
      & { amount: Pick<AdminTypes.MoneyV2, 'amount' | 'currencyCode'> }
    ) | (
      { __typename: 'DiscountPercentage' }
      & Pick<AdminTypes.DiscountPercentage, 'percentage'>
    ) }
  ) | (
    { __typename: 'DiscountPercentage' }
    & Pick<AdminTypes.DiscountPercentage, 'percentage'>
  ) };

export type DiscountBuysPartsFragment = { items: (
    { __typename: 'AllDiscountItems' }
    & Pick<AdminTypes.AllDiscountItems, 'allItems'>
  ) | (
    { __typename: 'DiscountCollections' }
    & { collections: { nodes: Array<Pick<AdminTypes.Collection, 'id'>> } }
  ) | (
    { __typename: 'DiscountProducts' }
    & { products: { nodes: Array<Pick<AdminTypes.Product, 'id'>> } }
  ), value: (
    { __typename: 'DiscountPurchaseAmount' }
    & Pick<AdminTypes.DiscountPurchaseAmount, 'amount'>
  ) | (
    { __typename: 'DiscountQuantity' }
    & Pick<AdminTypes.DiscountQuantity, 'quantity'>
  ) };

type DiscountMinimumParts_DiscountMinimumQuantity_Fragment = (
  { __typename: 'DiscountMinimumQuantity' }
  & Pick<AdminTypes.DiscountMinimumQuantity, 'greaterThanOrEqualToQuantity'>
);

type DiscountMinimumParts_DiscountMinimumSubtotal_Fragment = (
  { __typename: 'DiscountMinimumSubtotal' }
  & { greaterThanOrEqualToSubtotal: Pick<AdminTypes.MoneyV2, 'amount' | 'currencyCode'> }
);

export type DiscountMinimumPartsFragment = DiscountMinimumParts_DiscountMinimumQuantity_Fragment | DiscountMinimumParts_DiscountMinimumSubtotal_Fragment;

type DiscountContextParts_DiscountBuyerSelectionAll_DiscountCustomers_DiscountMarkets_Fragment = { __typename: 'DiscountBuyerSelectionAll' | 'DiscountCustomers' | 'DiscountMarkets' };

type DiscountContextParts_DiscountCustomerSegments_Fragment = (
  { __typename: 'DiscountCustomerSegments' }
  & { segments: Array<Pick<AdminTypes.Segment, 'id'>> }
);

export type DiscountContextPartsFragment = DiscountContextParts_DiscountBuyerSelectionAll_DiscountCustomers_DiscountMarkets_Fragment | DiscountContextParts_DiscountCustomerSegments_Fragment;

export type DiscountCombinesPartsFragment = Pick<AdminTypes.DiscountCombinesWith, 'orderDiscounts' | 'productDiscounts' | 'shippingDiscounts'>;

export type ReadDiscountsQueryVariables = AdminTypes.Exact<{
  after?: AdminTypes.InputMaybe<AdminTypes.Scalars['String']['input']>;
}>;


export type ReadDiscountsQuery = { discountNodes: { nodes: Array<(
      Pick<AdminTypes.DiscountNode, 'id'>
      & { discount: (
        { __typename: 'DiscountAutomaticApp' }
        & Pick<AdminTypes.DiscountAutomaticApp, 'title' | 'status' | 'startsAt' | 'endsAt' | 'tags'>
        & { combinesWith: Pick<AdminTypes.DiscountCombinesWith, 'orderDiscounts' | 'productDiscounts' | 'shippingDiscounts'>, context: { __typename: 'DiscountBuyerSelectionAll' | 'DiscountCustomers' | 'DiscountMarkets' } | (
          { __typename: 'DiscountCustomerSegments' }
          & { segments: Array<Pick<AdminTypes.Segment, 'id'>> }
        ) }
      ) | (
        { __typename: 'DiscountAutomaticBasic' }
        & Pick<AdminTypes.DiscountAutomaticBasic, 'title' | 'status' | 'startsAt' | 'endsAt' | 'tags'>
        & { combinesWith: Pick<AdminTypes.DiscountCombinesWith, 'orderDiscounts' | 'productDiscounts' | 'shippingDiscounts'>, context: { __typename: 'DiscountBuyerSelectionAll' | 'DiscountCustomers' | 'DiscountMarkets' } | (
          { __typename: 'DiscountCustomerSegments' }
          & { segments: Array<Pick<AdminTypes.Segment, 'id'>> }
        ), minimumRequirement?: AdminTypes.Maybe<(
          { __typename: 'DiscountMinimumQuantity' }
          & Pick<AdminTypes.DiscountMinimumQuantity, 'greaterThanOrEqualToQuantity'>
        ) | (
          { __typename: 'DiscountMinimumSubtotal' }
          & { greaterThanOrEqualToSubtotal: Pick<AdminTypes.MoneyV2, 'amount' | 'currencyCode'> }
        )>, customerGets: { items: (
            { __typename: 'AllDiscountItems' }
            & Pick<AdminTypes.AllDiscountItems, 'allItems'>
          ) | (
            { __typename: 'DiscountCollections' }
            & { collections: { nodes: Array<Pick<AdminTypes.Collection, 'id'>> } }
          ) | (
            { __typename: 'DiscountProducts' }
            & { products: { nodes: Array<Pick<AdminTypes.Product, 'id'>> } }
          ), value: (
            { __typename: 'DiscountAmount' }
            & Pick<AdminTypes.DiscountAmount, 'appliesOnEachItem'>
            & { amount: Pick<AdminTypes.MoneyV2, 'amount' | 'currencyCode'> }
          ) | (
            { __typename: 'DiscountOnQuantity' }
            & { quantity: Pick<AdminTypes.DiscountQuantity, 'quantity'>, effect: (
              { __typename: 'DiscountAmount' }
              & Pick<AdminTypes.DiscountAmount, 'appliesOnEachItem'>
              & { amount: Pick<AdminTypes.MoneyV2, 'amount' | 'currencyCode'> }
            ) | (
              { __typename: 'DiscountPercentage' }
              & Pick<AdminTypes.DiscountPercentage, 'percentage'>
            ) }
          ) | (
            { __typename: 'DiscountPercentage' }
            & Pick<AdminTypes.DiscountPercentage, 'percentage'>
          ) } }
      ) | (
        { __typename: 'DiscountAutomaticBxgy' }
        & Pick<AdminTypes.DiscountAutomaticBxgy, 'title' | 'status' | 'startsAt' | 'endsAt' | 'tags'>
        & { combinesWith: Pick<AdminTypes.DiscountCombinesWith, 'orderDiscounts' | 'productDiscounts' | 'shippingDiscounts'>, context: { __typename: 'DiscountBuyerSelectionAll' | 'DiscountCustomers' | 'DiscountMarkets' } | (
          { __typename: 'DiscountCustomerSegments' }
          & { segments: Array<Pick<AdminTypes.Segment, 'id'>> }
        ), customerBuys: { items: (
            { __typename: 'AllDiscountItems' }
            & Pick<AdminTypes.AllDiscountItems, 'allItems'>
          ) | (
            { __typename: 'DiscountCollections' }
            & { collections: { nodes: Array<Pick<AdminTypes.Collection, 'id'>> } }
          ) | (
            { __typename: 'DiscountProducts' }
            & { products: { nodes: Array<Pick<AdminTypes.Product, 'id'>> } }
          ), value: (
            { __typename: 'DiscountPurchaseAmount' }
            & Pick<AdminTypes.DiscountPurchaseAmount, 'amount'>
          ) | (
            { __typename: 'DiscountQuantity' }
            & Pick<AdminTypes.DiscountQuantity, 'quantity'>
          ) }, customerGets: { items: (
            { __typename: 'AllDiscountItems' }
            & Pick<AdminTypes.AllDiscountItems, 'allItems'>
          ) | (
            { __typename: 'DiscountCollections' }
            & { collections: { nodes: Array<Pick<AdminTypes.Collection, 'id'>> } }
          ) | (
            { __typename: 'DiscountProducts' }
            & { products: { nodes: Array<Pick<AdminTypes.Product, 'id'>> } }
          ), value: (
            { __typename: 'DiscountAmount' }
            & Pick<AdminTypes.DiscountAmount, 'appliesOnEachItem'>
            & { amount: Pick<AdminTypes.MoneyV2, 'amount' | 'currencyCode'> }
          ) | (
            { __typename: 'DiscountOnQuantity' }
            & { quantity: Pick<AdminTypes.DiscountQuantity, 'quantity'>, effect: (
              { __typename: 'DiscountAmount' }
              & Pick<AdminTypes.DiscountAmount, 'appliesOnEachItem'>
              & { amount: Pick<AdminTypes.MoneyV2, 'amount' | 'currencyCode'> }
            ) | (
              { __typename: 'DiscountPercentage' }
              & Pick<AdminTypes.DiscountPercentage, 'percentage'>
            ) }
          ) | (
            { __typename: 'DiscountPercentage' }
            & Pick<AdminTypes.DiscountPercentage, 'percentage'>
          ) } }
      ) | (
        { __typename: 'DiscountAutomaticFreeShipping' }
        & Pick<AdminTypes.DiscountAutomaticFreeShipping, 'title' | 'status' | 'startsAt' | 'endsAt' | 'tags'>
        & { combinesWith: Pick<AdminTypes.DiscountCombinesWith, 'orderDiscounts' | 'productDiscounts' | 'shippingDiscounts'>, context: { __typename: 'DiscountBuyerSelectionAll' | 'DiscountCustomers' | 'DiscountMarkets' } | (
          { __typename: 'DiscountCustomerSegments' }
          & { segments: Array<Pick<AdminTypes.Segment, 'id'>> }
        ), minimumRequirement?: AdminTypes.Maybe<(
          { __typename: 'DiscountMinimumQuantity' }
          & Pick<AdminTypes.DiscountMinimumQuantity, 'greaterThanOrEqualToQuantity'>
        ) | (
          { __typename: 'DiscountMinimumSubtotal' }
          & { greaterThanOrEqualToSubtotal: Pick<AdminTypes.MoneyV2, 'amount' | 'currencyCode'> }
        )> }
      ) | (
        { __typename: 'DiscountCodeApp' }
        & Pick<AdminTypes.DiscountCodeApp, 'title' | 'status' | 'startsAt' | 'endsAt' | 'tags'>
        & { codes: { nodes: Array<Pick<AdminTypes.DiscountRedeemCode, 'code'>> }, combinesWith: Pick<AdminTypes.DiscountCombinesWith, 'orderDiscounts' | 'productDiscounts' | 'shippingDiscounts'>, context: { __typename: 'DiscountBuyerSelectionAll' | 'DiscountCustomers' | 'DiscountMarkets' } | (
          { __typename: 'DiscountCustomerSegments' }
          & { segments: Array<Pick<AdminTypes.Segment, 'id'>> }
        ) }
      ) | (
        { __typename: 'DiscountCodeBasic' }
        & Pick<AdminTypes.DiscountCodeBasic, 'title' | 'status' | 'startsAt' | 'endsAt' | 'tags' | 'usageLimit'>
        & { codes: { nodes: Array<Pick<AdminTypes.DiscountRedeemCode, 'code'>> }, combinesWith: Pick<AdminTypes.DiscountCombinesWith, 'orderDiscounts' | 'productDiscounts' | 'shippingDiscounts'>, context: { __typename: 'DiscountBuyerSelectionAll' | 'DiscountCustomers' | 'DiscountMarkets' } | (
          { __typename: 'DiscountCustomerSegments' }
          & { segments: Array<Pick<AdminTypes.Segment, 'id'>> }
        ), minimumRequirement?: AdminTypes.Maybe<(
          { __typename: 'DiscountMinimumQuantity' }
          & Pick<AdminTypes.DiscountMinimumQuantity, 'greaterThanOrEqualToQuantity'>
        ) | (
          { __typename: 'DiscountMinimumSubtotal' }
          & { greaterThanOrEqualToSubtotal: Pick<AdminTypes.MoneyV2, 'amount' | 'currencyCode'> }
        )>, customerGets: { items: (
            { __typename: 'AllDiscountItems' }
            & Pick<AdminTypes.AllDiscountItems, 'allItems'>
          ) | (
            { __typename: 'DiscountCollections' }
            & { collections: { nodes: Array<Pick<AdminTypes.Collection, 'id'>> } }
          ) | (
            { __typename: 'DiscountProducts' }
            & { products: { nodes: Array<Pick<AdminTypes.Product, 'id'>> } }
          ), value: (
            { __typename: 'DiscountAmount' }
            & Pick<AdminTypes.DiscountAmount, 'appliesOnEachItem'>
            & { amount: Pick<AdminTypes.MoneyV2, 'amount' | 'currencyCode'> }
          ) | (
            { __typename: 'DiscountOnQuantity' }
            & { quantity: Pick<AdminTypes.DiscountQuantity, 'quantity'>, effect: (
              { __typename: 'DiscountAmount' }
              & Pick<AdminTypes.DiscountAmount, 'appliesOnEachItem'>
              & { amount: Pick<AdminTypes.MoneyV2, 'amount' | 'currencyCode'> }
            ) | (
              { __typename: 'DiscountPercentage' }
              & Pick<AdminTypes.DiscountPercentage, 'percentage'>
            ) }
          ) | (
            { __typename: 'DiscountPercentage' }
            & Pick<AdminTypes.DiscountPercentage, 'percentage'>
          ) } }
      ) | (
        { __typename: 'DiscountCodeBxgy' }
        & Pick<AdminTypes.DiscountCodeBxgy, 'title' | 'status' | 'startsAt' | 'endsAt' | 'tags' | 'usageLimit'>
        & { codes: { nodes: Array<Pick<AdminTypes.DiscountRedeemCode, 'code'>> }, combinesWith: Pick<AdminTypes.DiscountCombinesWith, 'orderDiscounts' | 'productDiscounts' | 'shippingDiscounts'>, context: { __typename: 'DiscountBuyerSelectionAll' | 'DiscountCustomers' | 'DiscountMarkets' } | (
          { __typename: 'DiscountCustomerSegments' }
          & { segments: Array<Pick<AdminTypes.Segment, 'id'>> }
        ), customerBuys: { items: (
            { __typename: 'AllDiscountItems' }
            & Pick<AdminTypes.AllDiscountItems, 'allItems'>
          ) | (
            { __typename: 'DiscountCollections' }
            & { collections: { nodes: Array<Pick<AdminTypes.Collection, 'id'>> } }
          ) | (
            { __typename: 'DiscountProducts' }
            & { products: { nodes: Array<Pick<AdminTypes.Product, 'id'>> } }
          ), value: (
            { __typename: 'DiscountPurchaseAmount' }
            & Pick<AdminTypes.DiscountPurchaseAmount, 'amount'>
          ) | (
            { __typename: 'DiscountQuantity' }
            & Pick<AdminTypes.DiscountQuantity, 'quantity'>
          ) }, customerGets: { items: (
            { __typename: 'AllDiscountItems' }
            & Pick<AdminTypes.AllDiscountItems, 'allItems'>
          ) | (
            { __typename: 'DiscountCollections' }
            & { collections: { nodes: Array<Pick<AdminTypes.Collection, 'id'>> } }
          ) | (
            { __typename: 'DiscountProducts' }
            & { products: { nodes: Array<Pick<AdminTypes.Product, 'id'>> } }
          ), value: (
            { __typename: 'DiscountAmount' }
            & Pick<AdminTypes.DiscountAmount, 'appliesOnEachItem'>
            & { amount: Pick<AdminTypes.MoneyV2, 'amount' | 'currencyCode'> }
          ) | (
            { __typename: 'DiscountOnQuantity' }
            & { quantity: Pick<AdminTypes.DiscountQuantity, 'quantity'>, effect: (
              { __typename: 'DiscountAmount' }
              & Pick<AdminTypes.DiscountAmount, 'appliesOnEachItem'>
              & { amount: Pick<AdminTypes.MoneyV2, 'amount' | 'currencyCode'> }
            ) | (
              { __typename: 'DiscountPercentage' }
              & Pick<AdminTypes.DiscountPercentage, 'percentage'>
            ) }
          ) | (
            { __typename: 'DiscountPercentage' }
            & Pick<AdminTypes.DiscountPercentage, 'percentage'>
          ) } }
      ) | (
        { __typename: 'DiscountCodeFreeShipping' }
        & Pick<AdminTypes.DiscountCodeFreeShipping, 'title' | 'status' | 'startsAt' | 'endsAt' | 'tags' | 'usageLimit'>
        & { codes: { nodes: Array<Pick<AdminTypes.DiscountRedeemCode, 'code'>> }, combinesWith: Pick<AdminTypes.DiscountCombinesWith, 'orderDiscounts' | 'productDiscounts' | 'shippingDiscounts'>, context: { __typename: 'DiscountBuyerSelectionAll' | 'DiscountCustomers' | 'DiscountMarkets' } | (
          { __typename: 'DiscountCustomerSegments' }
          & { segments: Array<Pick<AdminTypes.Segment, 'id'>> }
        ), minimumRequirement?: AdminTypes.Maybe<(
          { __typename: 'DiscountMinimumQuantity' }
          & Pick<AdminTypes.DiscountMinimumQuantity, 'greaterThanOrEqualToQuantity'>
        ) | (
          { __typename: 'DiscountMinimumSubtotal' }
          & { greaterThanOrEqualToSubtotal: Pick<AdminTypes.MoneyV2, 'amount' | 'currencyCode'> }
        )> }
      ) }
    )>, pageInfo: Pick<AdminTypes.PageInfo, 'hasNextPage' | 'endCursor'> } };

export type ReadOrderDiscountsQueryVariables = AdminTypes.Exact<{
  ids: Array<AdminTypes.Scalars['ID']['input']> | AdminTypes.Scalars['ID']['input'];
}>;


export type ReadOrderDiscountsQuery = { nodes: Array<AdminTypes.Maybe<{ __typename: 'AbandonedCheckout' | 'AbandonedCheckoutLineItem' | 'Abandonment' | 'AddAllProductsOperation' | 'AdditionalFee' | 'AnalyticsAnnotation' | 'AnalyticsTarget' | 'App' | 'AppCatalog' | 'AppCredit' | 'AppInstallation' | 'AppPurchaseOneTime' | 'AppRevenueAttributionRecord' | 'AppSubscription' | 'AppUsageRecord' | 'Article' | 'BasicEvent' | 'Blog' | 'BulkOperation' | 'BusinessEntity' } | { __typename: 'CalculatedOrder' | 'CartTransform' | 'CashDrawer' | 'CashManagementCustomReasonCode' | 'CashManagementDefaultReasonCode' | 'CashManagementSystemReasonCode' | 'CashTrackingAdjustment' | 'CashTrackingSession' | 'CatalogCsvOperation' | 'Channel' | 'ChannelDefinition' | 'ChannelInformation' | 'CheckoutAndAccountsConfiguration' | 'CheckoutAndAccountsConfigurationOverride' | 'CheckoutProfile' | 'Collection' | 'CollectionConditionsSource' | 'CollectionSubCollectionsSource' | 'Comment' | 'CommentEvent' } | { __typename: 'Company' | 'CompanyAddress' | 'CompanyContact' | 'CompanyContactRole' | 'CompanyContactRoleAssignment' | 'CompanyLocation' | 'CompanyLocationCatalog' | 'CompanyLocationStaffMemberAssignment' | 'ConsentPolicy' | 'CurrencyExchangeAdjustment' | 'Customer' | 'CustomerAccountAppExtensionPage' | 'CustomerAccountNativePage' | 'CustomerPaymentMethod' | 'CustomerSegmentMembersQuery' | 'CustomerVisit' | 'DeliveryCarrierService' | 'DeliveryCondition' | 'DeliveryCountry' | 'DeliveryCustomization' } | { __typename: 'DeliveryLocationGroup' | 'DeliveryMethod' | 'DeliveryMethodDefinition' | 'DeliveryParticipant' | 'DeliveryProfile' | 'DeliveryProfileItem' | 'DeliveryPromiseParticipant' | 'DeliveryPromiseProvider' | 'DeliveryProvince' | 'DeliveryRateDefinition' | 'DeliveryZone' | 'DiscountAutomaticBxgy' | 'DiscountAutomaticNode' | 'DiscountCodeNode' | 'DiscountNode' | 'DiscountRedeemCodeBulkCreation' | 'Domain' | 'DraftOrder' | 'DraftOrderLineItem' | 'DraftOrderTag' } | { __typename: 'Duty' | 'ExchangeLineItem' | 'ExternalVideo' | 'Fulfillment' | 'FulfillmentConstraintRule' | 'FulfillmentEvent' | 'FulfillmentHold' | 'FulfillmentLineItem' | 'FulfillmentOrder' | 'FulfillmentOrderDestination' | 'FulfillmentOrderLineItem' | 'FulfillmentOrderMerchantRequest' | 'GenericFile' | 'GiftCard' | 'GiftCardCashOutTransaction' | 'GiftCardCreditTransaction' | 'GiftCardDebitTransaction' | 'IdentityProviderSubject' | 'InventoryAdjustmentGroup' | 'InventoryItem' } | { __typename: 'InventoryItemMeasurement' | 'InventoryLevel' | 'InventoryQuantity' | 'InventoryShipment' | 'InventoryShipmentLineItem' | 'InventoryTransfer' | 'InventoryTransferLineItem' | 'LineItem' | 'LineItemGroup' | 'Location' | 'MailingAddress' | 'Market' | 'MarketCatalog' | 'MarketRegionCountry' | 'MarketRegionSubdivision' | 'MarketWebPresence' | 'MarketingActivity' | 'MarketingEvent' | 'MediaImage' | 'Menu' } | { __typename: 'Metafield' | 'MetafieldDefinition' | 'Metaobject' | 'MetaobjectDefinition' | 'Model3d' | 'OnlineStoreTheme' | 'OrderAdjustment' | 'OrderAttributionDefinition' | 'OrderCancelJobResult' | 'OrderCreateMandatePaymentJobResult' | 'OrderDisputeSummary' | 'OrderEditSession' | 'OrderTransaction' | 'Page' | 'PaymentCustomization' | 'PaymentMandate' | 'PaymentSchedule' | 'PaymentTerms' | 'PaymentTermsTemplate' | 'PointOfSaleDevice' } | { __typename: 'PointOfSaleDevicePaymentSession' | 'PriceList' | 'Product' | 'ProductBundleOperation' | 'ProductDeleteOperation' | 'ProductDuplicateOperation' | 'ProductFeed' | 'ProductOption' | 'ProductOptionValue' | 'ProductSetOperation' | 'ProductTaxonomyNode' | 'ProductVariant' | 'ProductVariantComponent' | 'Publication' | 'PublicationResourceOperation' | 'QuantityPriceBreak' | 'Refund' | 'RefundShippingLine' | 'Return' | 'ReturnLineItem' } | { __typename: 'ReturnReasonDefinition' | 'ReturnableFulfillment' | 'ReverseDelivery' | 'ReverseDeliveryLineItem' | 'ReverseFulfillmentOrder' | 'ReverseFulfillmentOrderDisposition' | 'ReverseFulfillmentOrderLineItem' | 'SaleAdditionalFee' | 'SavedSearch' | 'ScriptTag' | 'Segment' | 'SellingPlan' | 'SellingPlanGroup' | 'ServerPixel' | 'ShippingLabel' | 'ShippingLabelPurchaseResult' | 'Shop' | 'ShopAddress' | 'ShopPolicy' | 'ShopifyPaymentsAccount' } | { __typename: 'ShopifyPaymentsBalanceTransaction' | 'ShopifyPaymentsBankAccount' | 'ShopifyPaymentsDispute' | 'ShopifyPaymentsDisputeEvidence' | 'ShopifyPaymentsDisputeFileUpload' | 'ShopifyPaymentsDisputeFulfillment' | 'ShopifyPaymentsPayout' | 'StaffMember' | 'StandardMetafieldDefinitionTemplate' | 'StoreCreditAccount' | 'StoreCreditAccountCreditTransaction' | 'StoreCreditAccountDebitRevertTransaction' | 'StoreCreditAccountDebitTransaction' | 'StorefrontAccessToken' | 'SubscriptionBillingAttempt' | 'SubscriptionContract' | 'SubscriptionDraft' | 'TaxonomyAttribute' | 'TaxonomyCategory' | 'TaxonomyChoiceListAttribute' } | { __typename: 'TaxonomyMeasurementAttribute' | 'TaxonomyValue' | 'TenderTransaction' | 'TransactionFee' | 'UnverifiedReturnLineItem' | 'UrlRedirect' | 'UrlRedirectImport' | 'Validation' | 'Video' | 'WebPixel' | 'WebhookSubscription' } | (
    { __typename: 'Order' }
    & Pick<AdminTypes.Order, 'id' | 'discountCodes'>
    & { totalDiscountsSet?: AdminTypes.Maybe<{ shopMoney: Pick<AdminTypes.MoneyV2, 'amount' | 'currencyCode'> }>, shippingLine?: AdminTypes.Maybe<{ originalPriceSet: { shopMoney: Pick<AdminTypes.MoneyV2, 'amount' | 'currencyCode'> }, discountedPriceSet: { shopMoney: Pick<AdminTypes.MoneyV2, 'amount' | 'currencyCode'> } }>, discountApplications: { nodes: Array<(
        { __typename: 'AutomaticDiscountApplication' }
        & Pick<AdminTypes.AutomaticDiscountApplication, 'title'>
      ) | (
        { __typename: 'DiscountCodeApplication' }
        & Pick<AdminTypes.DiscountCodeApplication, 'code'>
      ) | { __typename: 'ManualDiscountApplication' | 'ScriptDiscountApplication' }> } }
  )>> };

export type CustomerFactsFragment = (
  Pick<AdminTypes.Customer, 'id' | 'createdAt' | 'updatedAt' | 'state' | 'verifiedEmail' | 'locale' | 'tags' | 'numberOfOrders' | 'productSubscriberStatus'>
  & { amountSpent: Pick<AdminTypes.MoneyV2, 'amount' | 'currencyCode'>, statistics: Pick<AdminTypes.CustomerStatistics, 'rfmGroup' | 'predictedSpendTier'>, defaultEmailAddress?: AdminTypes.Maybe<Pick<AdminTypes.CustomerEmailAddress, 'marketingState' | 'marketingUpdatedAt'>>, defaultPhoneNumber?: AdminTypes.Maybe<{ smsMarketingConsent: Pick<AdminTypes.CustomerSmsMarketingConsent, 'state' | 'updatedAt'> }>, defaultAddress?: AdminTypes.Maybe<Pick<AdminTypes.MailingAddress, 'countryCodeV2' | 'provinceCode' | 'city'>> }
);

export type OrderFactsFragment = (
  Pick<AdminTypes.Order, 'id' | 'name' | 'createdAt' | 'processedAt' | 'updatedAt' | 'cancelledAt' | 'test' | 'displayFinancialStatus' | 'currencyCode' | 'presentmentCurrencyCode' | 'sourceName' | 'tags' | 'discountCodes' | 'returnStatus'>
  & { customer?: AdminTypes.Maybe<Pick<AdminTypes.Customer, 'id'>>, purchasingEntity?: AdminTypes.Maybe<{ __typename: 'Customer' | 'PurchasingCompany' }>, totalPriceSet: { shopMoney: Pick<AdminTypes.MoneyV2, 'amount'> }, currentTotalPriceSet: { shopMoney: Pick<AdminTypes.MoneyV2, 'amount'> }, currentSubtotalPriceSet: { shopMoney: Pick<AdminTypes.MoneyV2, 'amount'> }, currentTotalTaxSet: { shopMoney: Pick<AdminTypes.MoneyV2, 'amount'> }, currentShippingPriceSet: { shopMoney: Pick<AdminTypes.MoneyV2, 'amount'> }, totalDiscountsSet?: AdminTypes.Maybe<{ shopMoney: Pick<AdminTypes.MoneyV2, 'amount'> }>, totalRefundedSet: { shopMoney: Pick<AdminTypes.MoneyV2, 'amount'> }, netPaymentSet: { shopMoney: Pick<AdminTypes.MoneyV2, 'amount'> }, customerJourneySummary?: AdminTypes.Maybe<(
    Pick<AdminTypes.CustomerJourneySummary, 'ready'>
    & { firstVisit?: AdminTypes.Maybe<(
      Pick<AdminTypes.CustomerVisit, 'source'>
      & { utmParameters?: AdminTypes.Maybe<Pick<AdminTypes.UtmParameters, 'source' | 'medium' | 'campaign' | 'content' | 'term'>> }
    )>, lastVisit?: AdminTypes.Maybe<(
      Pick<AdminTypes.CustomerVisit, 'source'>
      & { utmParameters?: AdminTypes.Maybe<Pick<AdminTypes.UtmParameters, 'source' | 'medium' | 'campaign' | 'content' | 'term'>> }
    )> }
  )>, attribution?: AdminTypes.Maybe<Pick<AdminTypes.OrderAttribution, 'displayName'>>, app?: AdminTypes.Maybe<Pick<AdminTypes.OrderApp, 'name'>>, disputes: Array<Pick<AdminTypes.OrderDisputeSummary, 'initiatedAs' | 'status'>>, retailLocation?: AdminTypes.Maybe<Pick<AdminTypes.Location, 'id' | 'name'>>, refunds: Array<(
    Pick<AdminTypes.Refund, 'id' | 'createdAt'>
    & { totalRefundedSet: { shopMoney: Pick<AdminTypes.MoneyV2, 'amount'> } }
  )> }
);

export type LineFactsFragment = (
  Pick<AdminTypes.LineItem, 'id' | 'title' | 'sku' | 'vendor' | 'quantity' | 'currentQuantity' | 'isGiftCard'>
  & { sellingPlan?: AdminTypes.Maybe<Pick<AdminTypes.LineItemSellingPlan, 'name'>>, product?: AdminTypes.Maybe<Pick<AdminTypes.Product, 'id'>>, variant?: AdminTypes.Maybe<Pick<AdminTypes.ProductVariant, 'id'>>, originalTotalSet: { shopMoney: Pick<AdminTypes.MoneyV2, 'amount'> }, discountedTotalSet: { shopMoney: Pick<AdminTypes.MoneyV2, 'amount'> } }
);

export type ProductFactsFragment = Pick<AdminTypes.Product, 'id' | 'title' | 'vendor' | 'productType' | 'handle' | 'status' | 'tags' | 'createdAt' | 'updatedAt'>;

export type CollectionFactsFragment = Pick<AdminTypes.Collection, 'id' | 'title' | 'handle' | 'updatedAt'>;

export type DefineMetafieldMutationVariables = AdminTypes.Exact<{
  definition: AdminTypes.MetafieldDefinitionInput;
}>;


export type DefineMetafieldMutation = { metafieldDefinitionCreate?: AdminTypes.Maybe<{ createdDefinition?: AdminTypes.Maybe<Pick<AdminTypes.MetafieldDefinition, 'id'>>, userErrors: Array<Pick<AdminTypes.MetafieldDefinitionCreateUserError, 'code' | 'message'>> }> };

export type ReadOwnDefinitionsQueryVariables = AdminTypes.Exact<{ [key: string]: never; }>;


export type ReadOwnDefinitionsQuery = { metafieldDefinitions: { nodes: Array<(
      Pick<AdminTypes.MetafieldDefinition, 'id' | 'key'>
      & { type: Pick<AdminTypes.MetafieldDefinitionType, 'name'> }
    )> } };

export type DropDefinitionMutationVariables = AdminTypes.Exact<{
  id: AdminTypes.Scalars['ID']['input'];
}>;


export type DropDefinitionMutation = { metafieldDefinitionDelete?: AdminTypes.Maybe<(
    Pick<AdminTypes.MetafieldDefinitionDeletePayload, 'deletedDefinitionId'>
    & { userErrors: Array<Pick<AdminTypes.MetafieldDefinitionDeleteUserError, 'code' | 'message'>> }
  )> };

export type SetMetafieldsMutationVariables = AdminTypes.Exact<{
  metafields: Array<AdminTypes.MetafieldsSetInput> | AdminTypes.MetafieldsSetInput;
}>;


export type SetMetafieldsMutation = { metafieldsSet?: AdminTypes.Maybe<{ metafields?: AdminTypes.Maybe<Array<(
      Pick<AdminTypes.Metafield, 'key' | 'compareDigest'>
      & { owner: Pick<AdminTypes.Customer, 'id'> }
    )>>, userErrors: Array<Pick<AdminTypes.MetafieldsSetUserError, 'code' | 'message' | 'elementIndex'>> }> };

export type DeleteMetafieldsMutationVariables = AdminTypes.Exact<{
  metafields: Array<AdminTypes.MetafieldIdentifierInput> | AdminTypes.MetafieldIdentifierInput;
}>;


export type DeleteMetafieldsMutation = { metafieldsDelete?: AdminTypes.Maybe<{ deletedMetafields?: AdminTypes.Maybe<Array<AdminTypes.Maybe<Pick<AdminTypes.MetafieldIdentifier, 'key' | 'ownerId'>>>>, userErrors: Array<Pick<AdminTypes.UserError, 'message'>> }> };

export type ReadOwnMetafieldsQueryVariables = AdminTypes.Exact<{
  ids: Array<AdminTypes.Scalars['ID']['input']> | AdminTypes.Scalars['ID']['input'];
}>;


export type ReadOwnMetafieldsQuery = { nodes: Array<AdminTypes.Maybe<(
    Pick<AdminTypes.Customer, 'id'>
    & { segments?: AdminTypes.Maybe<Pick<AdminTypes.Metafield, 'value' | 'compareDigest'>>, life_cycle?: AdminTypes.Maybe<Pick<AdminTypes.Metafield, 'value' | 'compareDigest'>>, spent?: AdminTypes.Maybe<Pick<AdminTypes.Metafield, 'value' | 'compareDigest'>>, predicted_value?: AdminTypes.Maybe<Pick<AdminTypes.Metafield, 'value' | 'compareDigest'>>, chance?: AdminTypes.Maybe<Pick<AdminTypes.Metafield, 'value' | 'compareDigest'>>, tier?: AdminTypes.Maybe<Pick<AdminTypes.Metafield, 'value' | 'compareDigest'>>, tier_hold?: AdminTypes.Maybe<Pick<AdminTypes.Metafield, 'value' | 'compareDigest'>> }
  )>> };

export type CreateSegmentMutationVariables = AdminTypes.Exact<{
  name: AdminTypes.Scalars['String']['input'];
  query: AdminTypes.Scalars['String']['input'];
}>;


export type CreateSegmentMutation = { segmentCreate?: AdminTypes.Maybe<{ segment?: AdminTypes.Maybe<Pick<AdminTypes.Segment, 'id' | 'name' | 'query'>>, userErrors: Array<Pick<AdminTypes.UserError, 'field' | 'message'>> }> };

export type UpdateSegmentMutationVariables = AdminTypes.Exact<{
  id: AdminTypes.Scalars['ID']['input'];
  name?: AdminTypes.InputMaybe<AdminTypes.Scalars['String']['input']>;
  query?: AdminTypes.InputMaybe<AdminTypes.Scalars['String']['input']>;
}>;


export type UpdateSegmentMutation = { segmentUpdate?: AdminTypes.Maybe<{ segment?: AdminTypes.Maybe<Pick<AdminTypes.Segment, 'id' | 'name' | 'query'>>, userErrors: Array<Pick<AdminTypes.UserError, 'field' | 'message'>> }> };

export type DeleteSegmentMutationVariables = AdminTypes.Exact<{
  id: AdminTypes.Scalars['ID']['input'];
}>;


export type DeleteSegmentMutation = { segmentDelete?: AdminTypes.Maybe<(
    Pick<AdminTypes.SegmentDeletePayload, 'deletedSegmentId'>
    & { userErrors: Array<Pick<AdminTypes.UserError, 'field' | 'message'>> }
  )> };

export type ReadSegmentsQueryVariables = AdminTypes.Exact<{
  ids: Array<AdminTypes.Scalars['ID']['input']> | AdminTypes.Scalars['ID']['input'];
}>;


export type ReadSegmentsQuery = { nodes: Array<AdminTypes.Maybe<Pick<AdminTypes.Segment, 'id' | 'name' | 'query'>>> };

export type ListSegmentsQueryVariables = AdminTypes.Exact<{
  after?: AdminTypes.InputMaybe<AdminTypes.Scalars['String']['input']>;
}>;


export type ListSegmentsQuery = { segments: { nodes: Array<Pick<AdminTypes.Segment, 'id' | 'name' | 'query'>>, pageInfo: Pick<AdminTypes.PageInfo, 'hasNextPage' | 'endCursor'> } };

export type CountMembersQueryVariables = AdminTypes.Exact<{
  segmentId?: AdminTypes.InputMaybe<AdminTypes.Scalars['ID']['input']>;
}>;


export type CountMembersQuery = { customerSegmentMembers: Pick<AdminTypes.CustomerSegmentMemberConnection, 'totalCount'> };

export type CountMembersOfQueryQueryVariables = AdminTypes.Exact<{
  query?: AdminTypes.InputMaybe<AdminTypes.Scalars['String']['input']>;
  timezone?: AdminTypes.InputMaybe<AdminTypes.Scalars['String']['input']>;
}>;


export type CountMembersOfQueryQuery = { customerSegmentMembers: Pick<AdminTypes.CustomerSegmentMemberConnection, 'totalCount'> };

export type ProbeCustomerQueryVariables = AdminTypes.Exact<{ [key: string]: never; }>;


export type ProbeCustomerQuery = { customers: { nodes: Array<Pick<AdminTypes.Customer, 'id'>> } };

export type ProbePersonQueryVariables = AdminTypes.Exact<{ [key: string]: never; }>;


export type ProbePersonQuery = { customers: { nodes: Array<Pick<AdminTypes.Customer, 'id' | 'displayName'>> } };

export type ReadCustomersQueryVariables = AdminTypes.Exact<{
  ids: Array<AdminTypes.Scalars['ID']['input']> | AdminTypes.Scalars['ID']['input'];
}>;


export type ReadCustomersQuery = { nodes: Array<AdminTypes.Maybe<(
    Pick<AdminTypes.Customer, 'id' | 'createdAt' | 'updatedAt' | 'state' | 'verifiedEmail' | 'locale' | 'tags' | 'numberOfOrders' | 'productSubscriberStatus'>
    & { amountSpent: Pick<AdminTypes.MoneyV2, 'amount' | 'currencyCode'>, statistics: Pick<AdminTypes.CustomerStatistics, 'rfmGroup' | 'predictedSpendTier'>, defaultEmailAddress?: AdminTypes.Maybe<Pick<AdminTypes.CustomerEmailAddress, 'marketingState' | 'marketingUpdatedAt'>>, defaultPhoneNumber?: AdminTypes.Maybe<{ smsMarketingConsent: Pick<AdminTypes.CustomerSmsMarketingConsent, 'state' | 'updatedAt'> }>, defaultAddress?: AdminTypes.Maybe<Pick<AdminTypes.MailingAddress, 'countryCodeV2' | 'provinceCode' | 'city'>> }
  )>> };

export type ReadOrdersQueryVariables = AdminTypes.Exact<{
  ids: Array<AdminTypes.Scalars['ID']['input']> | AdminTypes.Scalars['ID']['input'];
  withLocations?: AdminTypes.Scalars['Boolean']['input'];
}>;


export type ReadOrdersQuery = { nodes: Array<AdminTypes.Maybe<(
    Pick<AdminTypes.Order, 'id' | 'name' | 'createdAt' | 'processedAt' | 'updatedAt' | 'cancelledAt' | 'test' | 'displayFinancialStatus' | 'currencyCode' | 'presentmentCurrencyCode' | 'sourceName' | 'tags' | 'discountCodes' | 'returnStatus'>
    & { lineItems: { nodes: Array<(
        Pick<AdminTypes.LineItem, 'id' | 'title' | 'sku' | 'vendor' | 'quantity' | 'currentQuantity' | 'isGiftCard'>
        & { sellingPlan?: AdminTypes.Maybe<Pick<AdminTypes.LineItemSellingPlan, 'name'>>, product?: AdminTypes.Maybe<Pick<AdminTypes.Product, 'id'>>, variant?: AdminTypes.Maybe<Pick<AdminTypes.ProductVariant, 'id'>>, originalTotalSet: { shopMoney: Pick<AdminTypes.MoneyV2, 'amount'> }, discountedTotalSet: { shopMoney: Pick<AdminTypes.MoneyV2, 'amount'> } }
      )>, pageInfo: Pick<AdminTypes.PageInfo, 'hasNextPage' | 'endCursor'> }, customer?: AdminTypes.Maybe<Pick<AdminTypes.Customer, 'id'>>, purchasingEntity?: AdminTypes.Maybe<{ __typename: 'Customer' | 'PurchasingCompany' }>, totalPriceSet: { shopMoney: Pick<AdminTypes.MoneyV2, 'amount'> }, currentTotalPriceSet: { shopMoney: Pick<AdminTypes.MoneyV2, 'amount'> }, currentSubtotalPriceSet: { shopMoney: Pick<AdminTypes.MoneyV2, 'amount'> }, currentTotalTaxSet: { shopMoney: Pick<AdminTypes.MoneyV2, 'amount'> }, currentShippingPriceSet: { shopMoney: Pick<AdminTypes.MoneyV2, 'amount'> }, totalDiscountsSet?: AdminTypes.Maybe<{ shopMoney: Pick<AdminTypes.MoneyV2, 'amount'> }>, totalRefundedSet: { shopMoney: Pick<AdminTypes.MoneyV2, 'amount'> }, netPaymentSet: { shopMoney: Pick<AdminTypes.MoneyV2, 'amount'> }, customerJourneySummary?: AdminTypes.Maybe<(
      Pick<AdminTypes.CustomerJourneySummary, 'ready'>
      & { firstVisit?: AdminTypes.Maybe<(
        Pick<AdminTypes.CustomerVisit, 'source'>
        & { utmParameters?: AdminTypes.Maybe<Pick<AdminTypes.UtmParameters, 'source' | 'medium' | 'campaign' | 'content' | 'term'>> }
      )>, lastVisit?: AdminTypes.Maybe<(
        Pick<AdminTypes.CustomerVisit, 'source'>
        & { utmParameters?: AdminTypes.Maybe<Pick<AdminTypes.UtmParameters, 'source' | 'medium' | 'campaign' | 'content' | 'term'>> }
      )> }
    )>, attribution?: AdminTypes.Maybe<Pick<AdminTypes.OrderAttribution, 'displayName'>>, app?: AdminTypes.Maybe<Pick<AdminTypes.OrderApp, 'name'>>, disputes: Array<Pick<AdminTypes.OrderDisputeSummary, 'initiatedAs' | 'status'>>, retailLocation?: AdminTypes.Maybe<Pick<AdminTypes.Location, 'id' | 'name'>>, refunds: Array<(
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
        & { sellingPlan?: AdminTypes.Maybe<Pick<AdminTypes.LineItemSellingPlan, 'name'>>, product?: AdminTypes.Maybe<Pick<AdminTypes.Product, 'id'>>, variant?: AdminTypes.Maybe<Pick<AdminTypes.ProductVariant, 'id'>>, originalTotalSet: { shopMoney: Pick<AdminTypes.MoneyV2, 'amount'> }, discountedTotalSet: { shopMoney: Pick<AdminTypes.MoneyV2, 'amount'> } }
      )>, pageInfo: Pick<AdminTypes.PageInfo, 'hasNextPage' | 'endCursor'> } }
  )> };

export type ReadProductsQueryVariables = AdminTypes.Exact<{
  ids: Array<AdminTypes.Scalars['ID']['input']> | AdminTypes.Scalars['ID']['input'];
}>;


export type ReadProductsQuery = { nodes: Array<AdminTypes.Maybe<(
    Pick<AdminTypes.Product, 'id' | 'title' | 'vendor' | 'productType' | 'handle' | 'status' | 'tags' | 'createdAt' | 'updatedAt'>
    & { collections: { nodes: Array<Pick<AdminTypes.Collection, 'id' | 'title' | 'handle' | 'updatedAt'>>, pageInfo: Pick<AdminTypes.PageInfo, 'hasNextPage' | 'endCursor'> } }
  )>> };

export type ReadProductCollectionsQueryVariables = AdminTypes.Exact<{
  id: AdminTypes.Scalars['ID']['input'];
  after?: AdminTypes.InputMaybe<AdminTypes.Scalars['String']['input']>;
}>;


export type ReadProductCollectionsQuery = { product?: AdminTypes.Maybe<(
    Pick<AdminTypes.Product, 'updatedAt'>
    & { collections: { nodes: Array<Pick<AdminTypes.Collection, 'id' | 'title' | 'handle' | 'updatedAt'>>, pageInfo: Pick<AdminTypes.PageInfo, 'hasNextPage' | 'endCursor'> } }
  )> };

export type ReadCollectionsQueryVariables = AdminTypes.Exact<{
  ids: Array<AdminTypes.Scalars['ID']['input']> | AdminTypes.Scalars['ID']['input'];
}>;


export type ReadCollectionsQuery = { nodes: Array<AdminTypes.Maybe<(
    Pick<AdminTypes.Collection, 'id' | 'title' | 'handle' | 'updatedAt'>
    & { products: { nodes: Array<Pick<AdminTypes.Product, 'id'>>, pageInfo: Pick<AdminTypes.PageInfo, 'hasNextPage' | 'endCursor'> } }
  )>> };

export type ReadCollectionProductsQueryVariables = AdminTypes.Exact<{
  id: AdminTypes.Scalars['ID']['input'];
  after?: AdminTypes.InputMaybe<AdminTypes.Scalars['String']['input']>;
}>;


export type ReadCollectionProductsQuery = { collection?: AdminTypes.Maybe<(
    Pick<AdminTypes.Collection, 'updatedAt'>
    & { products: { nodes: Array<Pick<AdminTypes.Product, 'id'>>, pageInfo: Pick<AdminTypes.PageInfo, 'hasNextPage' | 'endCursor'> } }
  )> };

export type ReadChangedCustomersQueryVariables = AdminTypes.Exact<{
  search: AdminTypes.Scalars['String']['input'];
  after?: AdminTypes.InputMaybe<AdminTypes.Scalars['String']['input']>;
}>;


export type ReadChangedCustomersQuery = { customers: { nodes: Array<(
      Pick<AdminTypes.Customer, 'id' | 'createdAt' | 'updatedAt' | 'state' | 'verifiedEmail' | 'locale' | 'tags' | 'numberOfOrders' | 'productSubscriberStatus'>
      & { amountSpent: Pick<AdminTypes.MoneyV2, 'amount' | 'currencyCode'>, statistics: Pick<AdminTypes.CustomerStatistics, 'rfmGroup' | 'predictedSpendTier'>, defaultEmailAddress?: AdminTypes.Maybe<Pick<AdminTypes.CustomerEmailAddress, 'marketingState' | 'marketingUpdatedAt'>>, defaultPhoneNumber?: AdminTypes.Maybe<{ smsMarketingConsent: Pick<AdminTypes.CustomerSmsMarketingConsent, 'state' | 'updatedAt'> }>, defaultAddress?: AdminTypes.Maybe<Pick<AdminTypes.MailingAddress, 'countryCodeV2' | 'provinceCode' | 'city'>> }
    )>, pageInfo: Pick<AdminTypes.PageInfo, 'hasNextPage' | 'endCursor'> } };

export type ReadChangedOrdersQueryVariables = AdminTypes.Exact<{
  search: AdminTypes.Scalars['String']['input'];
  after?: AdminTypes.InputMaybe<AdminTypes.Scalars['String']['input']>;
  withLocations?: AdminTypes.Scalars['Boolean']['input'];
}>;


export type ReadChangedOrdersQuery = { orders: { nodes: Array<(
      Pick<AdminTypes.Order, 'id' | 'name' | 'createdAt' | 'processedAt' | 'updatedAt' | 'cancelledAt' | 'test' | 'displayFinancialStatus' | 'currencyCode' | 'presentmentCurrencyCode' | 'sourceName' | 'tags' | 'discountCodes' | 'returnStatus'>
      & { lineItems: { nodes: Array<(
          Pick<AdminTypes.LineItem, 'id' | 'title' | 'sku' | 'vendor' | 'quantity' | 'currentQuantity' | 'isGiftCard'>
          & { sellingPlan?: AdminTypes.Maybe<Pick<AdminTypes.LineItemSellingPlan, 'name'>>, product?: AdminTypes.Maybe<Pick<AdminTypes.Product, 'id'>>, variant?: AdminTypes.Maybe<Pick<AdminTypes.ProductVariant, 'id'>>, originalTotalSet: { shopMoney: Pick<AdminTypes.MoneyV2, 'amount'> }, discountedTotalSet: { shopMoney: Pick<AdminTypes.MoneyV2, 'amount'> } }
        )>, pageInfo: Pick<AdminTypes.PageInfo, 'hasNextPage' | 'endCursor'> }, customer?: AdminTypes.Maybe<Pick<AdminTypes.Customer, 'id'>>, purchasingEntity?: AdminTypes.Maybe<{ __typename: 'Customer' | 'PurchasingCompany' }>, totalPriceSet: { shopMoney: Pick<AdminTypes.MoneyV2, 'amount'> }, currentTotalPriceSet: { shopMoney: Pick<AdminTypes.MoneyV2, 'amount'> }, currentSubtotalPriceSet: { shopMoney: Pick<AdminTypes.MoneyV2, 'amount'> }, currentTotalTaxSet: { shopMoney: Pick<AdminTypes.MoneyV2, 'amount'> }, currentShippingPriceSet: { shopMoney: Pick<AdminTypes.MoneyV2, 'amount'> }, totalDiscountsSet?: AdminTypes.Maybe<{ shopMoney: Pick<AdminTypes.MoneyV2, 'amount'> }>, totalRefundedSet: { shopMoney: Pick<AdminTypes.MoneyV2, 'amount'> }, netPaymentSet: { shopMoney: Pick<AdminTypes.MoneyV2, 'amount'> }, customerJourneySummary?: AdminTypes.Maybe<(
        Pick<AdminTypes.CustomerJourneySummary, 'ready'>
        & { firstVisit?: AdminTypes.Maybe<(
          Pick<AdminTypes.CustomerVisit, 'source'>
          & { utmParameters?: AdminTypes.Maybe<Pick<AdminTypes.UtmParameters, 'source' | 'medium' | 'campaign' | 'content' | 'term'>> }
        )>, lastVisit?: AdminTypes.Maybe<(
          Pick<AdminTypes.CustomerVisit, 'source'>
          & { utmParameters?: AdminTypes.Maybe<Pick<AdminTypes.UtmParameters, 'source' | 'medium' | 'campaign' | 'content' | 'term'>> }
        )> }
      )>, attribution?: AdminTypes.Maybe<Pick<AdminTypes.OrderAttribution, 'displayName'>>, app?: AdminTypes.Maybe<Pick<AdminTypes.OrderApp, 'name'>>, disputes: Array<Pick<AdminTypes.OrderDisputeSummary, 'initiatedAs' | 'status'>>, retailLocation?: AdminTypes.Maybe<Pick<AdminTypes.Location, 'id' | 'name'>>, refunds: Array<(
        Pick<AdminTypes.Refund, 'id' | 'createdAt'>
        & { totalRefundedSet: { shopMoney: Pick<AdminTypes.MoneyV2, 'amount'> } }
      )> }
    )>, pageInfo: Pick<AdminTypes.PageInfo, 'hasNextPage' | 'endCursor'> } };

export type ReadChangedProductsQueryVariables = AdminTypes.Exact<{
  search: AdminTypes.Scalars['String']['input'];
  after?: AdminTypes.InputMaybe<AdminTypes.Scalars['String']['input']>;
}>;


export type ReadChangedProductsQuery = { products: { nodes: Array<(
      Pick<AdminTypes.Product, 'id' | 'title' | 'vendor' | 'productType' | 'handle' | 'status' | 'tags' | 'createdAt' | 'updatedAt'>
      & { collections: { nodes: Array<Pick<AdminTypes.Collection, 'id' | 'title' | 'handle' | 'updatedAt'>>, pageInfo: Pick<AdminTypes.PageInfo, 'hasNextPage' | 'endCursor'> } }
    )>, pageInfo: Pick<AdminTypes.PageInfo, 'hasNextPage' | 'endCursor'> } };

export type ReadChangedCollectionsQueryVariables = AdminTypes.Exact<{
  search: AdminTypes.Scalars['String']['input'];
  after?: AdminTypes.InputMaybe<AdminTypes.Scalars['String']['input']>;
}>;


export type ReadChangedCollectionsQuery = { collections: { nodes: Array<Pick<AdminTypes.Collection, 'id' | 'title' | 'handle' | 'updatedAt'>>, pageInfo: Pick<AdminTypes.PageInfo, 'hasNextPage' | 'endCursor'> } };

export type ReadCustomersPageQueryVariables = AdminTypes.Exact<{
  search?: AdminTypes.InputMaybe<AdminTypes.Scalars['String']['input']>;
  after?: AdminTypes.InputMaybe<AdminTypes.Scalars['String']['input']>;
}>;


export type ReadCustomersPageQuery = { customers: { nodes: Array<(
      Pick<AdminTypes.Customer, 'id' | 'createdAt' | 'updatedAt' | 'state' | 'verifiedEmail' | 'locale' | 'tags' | 'numberOfOrders' | 'productSubscriberStatus'>
      & { amountSpent: Pick<AdminTypes.MoneyV2, 'amount' | 'currencyCode'>, statistics: Pick<AdminTypes.CustomerStatistics, 'rfmGroup' | 'predictedSpendTier'>, defaultEmailAddress?: AdminTypes.Maybe<Pick<AdminTypes.CustomerEmailAddress, 'marketingState' | 'marketingUpdatedAt'>>, defaultPhoneNumber?: AdminTypes.Maybe<{ smsMarketingConsent: Pick<AdminTypes.CustomerSmsMarketingConsent, 'state' | 'updatedAt'> }>, defaultAddress?: AdminTypes.Maybe<Pick<AdminTypes.MailingAddress, 'countryCodeV2' | 'provinceCode' | 'city'>> }
    )>, pageInfo: Pick<AdminTypes.PageInfo, 'hasNextPage' | 'endCursor'> } };

export type ReadOrdersPageQueryVariables = AdminTypes.Exact<{
  search?: AdminTypes.InputMaybe<AdminTypes.Scalars['String']['input']>;
  after?: AdminTypes.InputMaybe<AdminTypes.Scalars['String']['input']>;
  withLocations?: AdminTypes.Scalars['Boolean']['input'];
}>;


export type ReadOrdersPageQuery = { orders: { nodes: Array<(
      Pick<AdminTypes.Order, 'id' | 'name' | 'createdAt' | 'processedAt' | 'updatedAt' | 'cancelledAt' | 'test' | 'displayFinancialStatus' | 'currencyCode' | 'presentmentCurrencyCode' | 'sourceName' | 'tags' | 'discountCodes' | 'returnStatus'>
      & { lineItems: { nodes: Array<(
          Pick<AdminTypes.LineItem, 'id' | 'title' | 'sku' | 'vendor' | 'quantity' | 'currentQuantity' | 'isGiftCard'>
          & { sellingPlan?: AdminTypes.Maybe<Pick<AdminTypes.LineItemSellingPlan, 'name'>>, product?: AdminTypes.Maybe<Pick<AdminTypes.Product, 'id'>>, variant?: AdminTypes.Maybe<Pick<AdminTypes.ProductVariant, 'id'>>, originalTotalSet: { shopMoney: Pick<AdminTypes.MoneyV2, 'amount'> }, discountedTotalSet: { shopMoney: Pick<AdminTypes.MoneyV2, 'amount'> } }
        )>, pageInfo: Pick<AdminTypes.PageInfo, 'hasNextPage' | 'endCursor'> }, customer?: AdminTypes.Maybe<Pick<AdminTypes.Customer, 'id'>>, purchasingEntity?: AdminTypes.Maybe<{ __typename: 'Customer' | 'PurchasingCompany' }>, totalPriceSet: { shopMoney: Pick<AdminTypes.MoneyV2, 'amount'> }, currentTotalPriceSet: { shopMoney: Pick<AdminTypes.MoneyV2, 'amount'> }, currentSubtotalPriceSet: { shopMoney: Pick<AdminTypes.MoneyV2, 'amount'> }, currentTotalTaxSet: { shopMoney: Pick<AdminTypes.MoneyV2, 'amount'> }, currentShippingPriceSet: { shopMoney: Pick<AdminTypes.MoneyV2, 'amount'> }, totalDiscountsSet?: AdminTypes.Maybe<{ shopMoney: Pick<AdminTypes.MoneyV2, 'amount'> }>, totalRefundedSet: { shopMoney: Pick<AdminTypes.MoneyV2, 'amount'> }, netPaymentSet: { shopMoney: Pick<AdminTypes.MoneyV2, 'amount'> }, customerJourneySummary?: AdminTypes.Maybe<(
        Pick<AdminTypes.CustomerJourneySummary, 'ready'>
        & { firstVisit?: AdminTypes.Maybe<(
          Pick<AdminTypes.CustomerVisit, 'source'>
          & { utmParameters?: AdminTypes.Maybe<Pick<AdminTypes.UtmParameters, 'source' | 'medium' | 'campaign' | 'content' | 'term'>> }
        )>, lastVisit?: AdminTypes.Maybe<(
          Pick<AdminTypes.CustomerVisit, 'source'>
          & { utmParameters?: AdminTypes.Maybe<Pick<AdminTypes.UtmParameters, 'source' | 'medium' | 'campaign' | 'content' | 'term'>> }
        )> }
      )>, attribution?: AdminTypes.Maybe<Pick<AdminTypes.OrderAttribution, 'displayName'>>, app?: AdminTypes.Maybe<Pick<AdminTypes.OrderApp, 'name'>>, disputes: Array<Pick<AdminTypes.OrderDisputeSummary, 'initiatedAs' | 'status'>>, retailLocation?: AdminTypes.Maybe<Pick<AdminTypes.Location, 'id' | 'name'>>, refunds: Array<(
        Pick<AdminTypes.Refund, 'id' | 'createdAt'>
        & { totalRefundedSet: { shopMoney: Pick<AdminTypes.MoneyV2, 'amount'> } }
      )> }
    )>, pageInfo: Pick<AdminTypes.PageInfo, 'hasNextPage' | 'endCursor'> } };

export type ReadProductsPageQueryVariables = AdminTypes.Exact<{
  search?: AdminTypes.InputMaybe<AdminTypes.Scalars['String']['input']>;
  after?: AdminTypes.InputMaybe<AdminTypes.Scalars['String']['input']>;
}>;


export type ReadProductsPageQuery = { products: { nodes: Array<(
      Pick<AdminTypes.Product, 'id' | 'title' | 'vendor' | 'productType' | 'handle' | 'status' | 'tags' | 'createdAt' | 'updatedAt'>
      & { collections: { nodes: Array<Pick<AdminTypes.Collection, 'id' | 'title' | 'handle' | 'updatedAt'>>, pageInfo: Pick<AdminTypes.PageInfo, 'hasNextPage' | 'endCursor'> } }
    )>, pageInfo: Pick<AdminTypes.PageInfo, 'hasNextPage' | 'endCursor'> } };

export type CountCustomersQueryVariables = AdminTypes.Exact<{
  search?: AdminTypes.InputMaybe<AdminTypes.Scalars['String']['input']>;
}>;


export type CountCustomersQuery = { customersCount?: AdminTypes.Maybe<Pick<AdminTypes.Count, 'count'>> };

export type CountOrdersQueryVariables = AdminTypes.Exact<{
  search?: AdminTypes.InputMaybe<AdminTypes.Scalars['String']['input']>;
}>;


export type CountOrdersQuery = { ordersCount?: AdminTypes.Maybe<Pick<AdminTypes.Count, 'count'>> };

export type CountProductsQueryVariables = AdminTypes.Exact<{
  search?: AdminTypes.InputMaybe<AdminTypes.Scalars['String']['input']>;
}>;


export type CountProductsQuery = { productsCount?: AdminTypes.Maybe<Pick<AdminTypes.Count, 'count'>> };

export type RecentBulkMutationsQueryVariables = AdminTypes.Exact<{ [key: string]: never; }>;


export type RecentBulkMutationsQuery = { bulkOperations: { nodes: Array<Pick<AdminTypes.BulkOperation, 'id' | 'query'>> } };

export type RecentBulkQueriesQueryVariables = AdminTypes.Exact<{ [key: string]: never; }>;


export type RecentBulkQueriesQuery = { bulkOperations: { nodes: Array<Pick<AdminTypes.BulkOperation, 'id' | 'status' | 'createdAt' | 'query'>> } };

export type SearchCustomersQueryVariables = AdminTypes.Exact<{
  query: AdminTypes.Scalars['String']['input'];
}>;


export type SearchCustomersQuery = { customers: { nodes: Array<(
      Pick<AdminTypes.Customer, 'id' | 'displayName'>
      & { defaultEmailAddress?: AdminTypes.Maybe<Pick<AdminTypes.CustomerEmailAddress, 'emailAddress'>> }
    )> } };

export type ReadShopQueryVariables = AdminTypes.Exact<{ [key: string]: never; }>;


export type ReadShopQuery = { shop: (
    Pick<AdminTypes.Shop, 'id' | 'name' | 'myshopifyDomain' | 'currencyCode' | 'ianaTimezone'>
    & { plan: Pick<AdminTypes.ShopPlan, 'publicDisplayName' | 'partnerDevelopment' | 'shopifyPlus'> }
  ), currentAppInstallation: { accessScopes: Array<Pick<AdminTypes.AccessScope, 'handle'>> } };

interface GeneratedQueryTypes {
  "#graphql\n  query ReadBulkOperation($id: ID!) {\n    bulkOperation(id: $id) {\n      id\n      status\n      errorCode\n      type\n      createdAt\n      completedAt\n      objectCount\n      rootObjectCount\n      fileSize\n      url\n      partialDataUrl\n    }\n  }\n": {return: ReadBulkOperationQuery, variables: ReadBulkOperationQueryVariables},
  "#graphql\n  query ReadCustomerNames($ids: [ID!]!) {\n    nodes(ids: $ids) {\n      ... on Customer {\n        id\n        displayName\n        defaultEmailAddress { emailAddress }\n      }\n    }\n  }\n": {return: ReadCustomerNamesQuery, variables: ReadCustomerNamesQueryVariables},
  "#graphql\n  query ReadCustomerPicks($ids: [ID!]!, $keys: [String!]!, $withZip: Boolean!, $withMetafields: Boolean!) {\n    nodes(ids: $ids) {\n      ... on Customer {\n        id\n        defaultAddress @include(if: $withZip) { zip }\n        metafields(first: 10, keys: $keys) @include(if: $withMetafields) {\n          nodes { namespace key type value }\n        }\n      }\n    }\n  }\n": {return: ReadCustomerPicksQuery, variables: ReadCustomerPicksQueryVariables},
  "#graphql\n  query ReadDiscounts($after: String) {\n    discountNodes(first: 20, after: $after) {\n      nodes {\n        id\n        discount {\n          __typename\n          ... on DiscountAutomaticBasic {\n            title status startsAt endsAt tags\n            combinesWith { ...DiscountCombinesParts }\n            context { ...DiscountContextParts }\n            minimumRequirement { ...DiscountMinimumParts }\n            customerGets { ...DiscountGetsParts }\n          }\n          ... on DiscountAutomaticBxgy {\n            title status startsAt endsAt tags\n            combinesWith { ...DiscountCombinesParts }\n            context { ...DiscountContextParts }\n            customerBuys { ...DiscountBuysParts }\n            customerGets { ...DiscountGetsParts }\n          }\n          ... on DiscountAutomaticFreeShipping {\n            title status startsAt endsAt tags\n            combinesWith { ...DiscountCombinesParts }\n            context { ...DiscountContextParts }\n            minimumRequirement { ...DiscountMinimumParts }\n          }\n          ... on DiscountAutomaticApp {\n            title status startsAt endsAt tags\n            combinesWith { ...DiscountCombinesParts }\n            context { ...DiscountContextParts }\n          }\n          ... on DiscountCodeBasic {\n            title status startsAt endsAt tags usageLimit\n            codes(first: 1) { nodes { code } }\n            combinesWith { ...DiscountCombinesParts }\n            context { ...DiscountContextParts }\n            minimumRequirement { ...DiscountMinimumParts }\n            customerGets { ...DiscountGetsParts }\n          }\n          ... on DiscountCodeBxgy {\n            title status startsAt endsAt tags usageLimit\n            codes(first: 1) { nodes { code } }\n            combinesWith { ...DiscountCombinesParts }\n            context { ...DiscountContextParts }\n            customerBuys { ...DiscountBuysParts }\n            customerGets { ...DiscountGetsParts }\n          }\n          ... on DiscountCodeFreeShipping {\n            title status startsAt endsAt tags usageLimit\n            codes(first: 1) { nodes { code } }\n            combinesWith { ...DiscountCombinesParts }\n            context { ...DiscountContextParts }\n            minimumRequirement { ...DiscountMinimumParts }\n          }\n          ... on DiscountCodeApp {\n            title status startsAt endsAt tags\n            codes(first: 1) { nodes { code } }\n            combinesWith { ...DiscountCombinesParts }\n            context { ...DiscountContextParts }\n          }\n        }\n      }\n      pageInfo { hasNextPage endCursor }\n    }\n  }\n  #graphql\n  fragment DiscountItemsParts on DiscountItems {\n    __typename\n    ... on AllDiscountItems { allItems }\n    ... on DiscountProducts { products(first: 5) { nodes { id } } }\n    ... on DiscountCollections { collections(first: 5) { nodes { id } } }\n  }\n  fragment DiscountGetsParts on DiscountCustomerGets {\n    items { ...DiscountItemsParts }\n    value {\n      __typename\n      ... on DiscountPercentage { percentage }\n      ... on DiscountAmount { amount { amount currencyCode } appliesOnEachItem }\n      ... on DiscountOnQuantity {\n        quantity { quantity }\n        effect {\n          __typename\n          ... on DiscountPercentage { percentage }\n          ... on DiscountAmount { amount { amount currencyCode } appliesOnEachItem }\n        }\n      }\n    }\n  }\n  fragment DiscountBuysParts on DiscountCustomerBuys {\n    items { ...DiscountItemsParts }\n    value {\n      __typename\n      ... on DiscountQuantity { quantity }\n      ... on DiscountPurchaseAmount { amount }\n    }\n  }\n  fragment DiscountMinimumParts on DiscountMinimumRequirement {\n    __typename\n    ... on DiscountMinimumQuantity { greaterThanOrEqualToQuantity }\n    ... on DiscountMinimumSubtotal { greaterThanOrEqualToSubtotal { amount currencyCode } }\n  }\n  fragment DiscountContextParts on DiscountContext {\n    __typename\n    ... on DiscountCustomerSegments { segments { id } }\n  }\n  fragment DiscountCombinesParts on DiscountCombinesWith {\n    orderDiscounts\n    productDiscounts\n    shippingDiscounts\n  }\n\n": {return: ReadDiscountsQuery, variables: ReadDiscountsQueryVariables},
  "#graphql\n  query ReadOrderDiscounts($ids: [ID!]!) {\n    nodes(ids: $ids) {\n      __typename\n      ... on Order {\n        id\n        discountCodes\n        totalDiscountsSet { shopMoney { amount currencyCode } }\n        shippingLine {\n          originalPriceSet { shopMoney { amount currencyCode } }\n          discountedPriceSet { shopMoney { amount currencyCode } }\n        }\n        discountApplications(first: 20) {\n          nodes {\n            __typename\n            ... on AutomaticDiscountApplication { title }\n            ... on DiscountCodeApplication { code }\n          }\n        }\n      }\n    }\n  }\n": {return: ReadOrderDiscountsQuery, variables: ReadOrderDiscountsQueryVariables},
  "#graphql\n  query ReadOwnDefinitions {\n    metafieldDefinitions(first: 50, ownerType: CUSTOMER, namespace: \"$app\") { nodes { id key type { name } } }\n  }\n": {return: ReadOwnDefinitionsQuery, variables: ReadOwnDefinitionsQueryVariables},
  "#graphql\n  query ReadOwnMetafields($ids: [ID!]!) {\n    nodes(ids: $ids) {\n      ... on Customer {\n        id\n        segments: metafield(namespace: \"$app\", key: \"segments\") { value compareDigest }\n        life_cycle: metafield(namespace: \"$app\", key: \"life_cycle\") { value compareDigest }\n        spent: metafield(namespace: \"$app\", key: \"spent\") { value compareDigest }\n        predicted_value: metafield(namespace: \"$app\", key: \"predicted_value\") { value compareDigest }\n        chance: metafield(namespace: \"$app\", key: \"chance\") { value compareDigest }\n        tier: metafield(namespace: \"$app\", key: \"tier\") { value compareDigest }\n        tier_hold: metafield(namespace: \"$app\", key: \"tier_hold\") { value compareDigest }\n      }\n    }\n  }\n": {return: ReadOwnMetafieldsQuery, variables: ReadOwnMetafieldsQueryVariables},
  "#graphql\n  query ReadSegments($ids: [ID!]!) {\n    nodes(ids: $ids) { ... on Segment { id name query } }\n  }\n": {return: ReadSegmentsQuery, variables: ReadSegmentsQueryVariables},
  "#graphql\n  query ListSegments($after: String) {\n    segments(first: 250, after: $after) {\n      nodes { id name query }\n      pageInfo { hasNextPage endCursor }\n    }\n  }\n": {return: ListSegmentsQuery, variables: ListSegmentsQueryVariables},
  "#graphql\n  query CountMembers($segmentId: ID) {\n    customerSegmentMembers(first: 1, segmentId: $segmentId) { totalCount }\n  }\n": {return: CountMembersQuery, variables: CountMembersQueryVariables},
  "#graphql\n  query CountMembersOfQuery($query: String, $timezone: String) {\n    customerSegmentMembers(first: 1, query: $query, timezone: $timezone) { totalCount }\n  }\n": {return: CountMembersOfQueryQuery, variables: CountMembersOfQueryQueryVariables},
  "#graphql\n  query ProbeCustomer { customers(first: 1) { nodes { id } } }\n": {return: ProbeCustomerQuery, variables: ProbeCustomerQueryVariables},
  "#graphql\n  query ProbePerson { customers(first: 1) { nodes { id displayName } } }\n": {return: ProbePersonQuery, variables: ProbePersonQueryVariables},
  "#graphql\n  query ReadCustomers($ids: [ID!]!) {\n    nodes(ids: $ids) {\n      ...CustomerFacts\n    }\n  }\n  #graphql\n  fragment CustomerFacts on Customer {\n    id\n    createdAt\n    updatedAt\n    state\n    verifiedEmail\n    locale\n    tags\n    numberOfOrders\n    amountSpent { amount currencyCode }\n    statistics { rfmGroup predictedSpendTier }\n    productSubscriberStatus\n    defaultEmailAddress { marketingState marketingUpdatedAt }\n    defaultPhoneNumber { smsMarketingConsent { state updatedAt } }\n    defaultAddress { countryCodeV2 provinceCode city }\n  }\n\n": {return: ReadCustomersQuery, variables: ReadCustomersQueryVariables},
  "#graphql\n  query ReadOrders($ids: [ID!]!, $withLocations: Boolean! = false) {\n    nodes(ids: $ids) {\n      ...OrderFacts\n      ... on Order {\n        lineItems(first: 15) {\n          nodes { ...LineFacts }\n          pageInfo { hasNextPage endCursor }\n        }\n      }\n    }\n  }\n  #graphql\n  fragment OrderFacts on Order {\n    id\n    name\n    createdAt\n    processedAt\n    updatedAt\n    cancelledAt\n    test\n    displayFinancialStatus\n    currencyCode\n    presentmentCurrencyCode\n    sourceName\n    tags\n    discountCodes\n    customer { id }\n    purchasingEntity { __typename }\n    totalPriceSet { shopMoney { amount } }\n    currentTotalPriceSet { shopMoney { amount } }\n    currentSubtotalPriceSet { shopMoney { amount } }\n    currentTotalTaxSet { shopMoney { amount } }\n    currentShippingPriceSet { shopMoney { amount } }\n    totalDiscountsSet { shopMoney { amount } }\n    totalRefundedSet { shopMoney { amount } }\n    netPaymentSet { shopMoney { amount } }\n    customerJourneySummary {\n      ready\n      firstVisit { source utmParameters { source medium campaign content term } }\n      lastVisit { source utmParameters { source medium campaign content term } }\n    }\n    attribution { displayName }\n    app { name }\n    returnStatus\n    disputes { initiatedAs status }\n    retailLocation @include(if: $withLocations) { id name }\n    refunds { id createdAt totalRefundedSet { shopMoney { amount } } }\n  }\n\n  #graphql\n  fragment LineFacts on LineItem {\n    id\n    title\n    sku\n    vendor\n    quantity\n    currentQuantity\n    isGiftCard\n    sellingPlan { name }\n    product { id }\n    variant { id }\n    originalTotalSet { shopMoney { amount } }\n    discountedTotalSet(withCodeDiscounts: true) { shopMoney { amount } }\n  }\n\n": {return: ReadOrdersQuery, variables: ReadOrdersQueryVariables},
  "#graphql\n  query ReadOrderLines($id: ID!, $after: String) {\n    order(id: $id) {\n      updatedAt\n      lineItems(first: 100, after: $after) {\n        nodes { ...LineFacts }\n        pageInfo { hasNextPage endCursor }\n      }\n    }\n  }\n  #graphql\n  fragment LineFacts on LineItem {\n    id\n    title\n    sku\n    vendor\n    quantity\n    currentQuantity\n    isGiftCard\n    sellingPlan { name }\n    product { id }\n    variant { id }\n    originalTotalSet { shopMoney { amount } }\n    discountedTotalSet(withCodeDiscounts: true) { shopMoney { amount } }\n  }\n\n": {return: ReadOrderLinesQuery, variables: ReadOrderLinesQueryVariables},
  "#graphql\n  query ReadProducts($ids: [ID!]!) {\n    nodes(ids: $ids) {\n      ...ProductFacts\n      ... on Product {\n        collections(first: 20) {\n          nodes { ...CollectionFacts }\n          pageInfo { hasNextPage endCursor }\n        }\n      }\n    }\n  }\n  #graphql\n  fragment ProductFacts on Product {\n    id\n    title\n    vendor\n    productType\n    handle\n    status\n    tags\n    createdAt\n    updatedAt\n  }\n\n  #graphql\n  fragment CollectionFacts on Collection {\n    id\n    title\n    handle\n    updatedAt\n  }\n\n": {return: ReadProductsQuery, variables: ReadProductsQueryVariables},
  "#graphql\n  query ReadProductCollections($id: ID!, $after: String) {\n    product(id: $id) {\n      updatedAt\n      collections(first: 100, after: $after) {\n        nodes { ...CollectionFacts }\n        pageInfo { hasNextPage endCursor }\n      }\n    }\n  }\n  #graphql\n  fragment CollectionFacts on Collection {\n    id\n    title\n    handle\n    updatedAt\n  }\n\n": {return: ReadProductCollectionsQuery, variables: ReadProductCollectionsQueryVariables},
  "#graphql\n  query ReadCollections($ids: [ID!]!) {\n    nodes(ids: $ids) {\n      ...CollectionFacts\n      ... on Collection {\n        products(first: 250) {\n          nodes { id }\n          pageInfo { hasNextPage endCursor }\n        }\n      }\n    }\n  }\n  #graphql\n  fragment CollectionFacts on Collection {\n    id\n    title\n    handle\n    updatedAt\n  }\n\n": {return: ReadCollectionsQuery, variables: ReadCollectionsQueryVariables},
  "#graphql\n  query ReadCollectionProducts($id: ID!, $after: String) {\n    collection(id: $id) {\n      updatedAt\n      products(first: 250, after: $after) {\n        nodes { id }\n        pageInfo { hasNextPage endCursor }\n      }\n    }\n  }\n": {return: ReadCollectionProductsQuery, variables: ReadCollectionProductsQueryVariables},
  "#graphql\n  query ReadChangedCustomers($search: String!, $after: String) {\n    customers(first: 50, after: $after, query: $search, sortKey: UPDATED_AT) {\n      nodes { ...CustomerFacts }\n      pageInfo { hasNextPage endCursor }\n    }\n  }\n  #graphql\n  fragment CustomerFacts on Customer {\n    id\n    createdAt\n    updatedAt\n    state\n    verifiedEmail\n    locale\n    tags\n    numberOfOrders\n    amountSpent { amount currencyCode }\n    statistics { rfmGroup predictedSpendTier }\n    productSubscriberStatus\n    defaultEmailAddress { marketingState marketingUpdatedAt }\n    defaultPhoneNumber { smsMarketingConsent { state updatedAt } }\n    defaultAddress { countryCodeV2 provinceCode city }\n  }\n\n": {return: ReadChangedCustomersQuery, variables: ReadChangedCustomersQueryVariables},
  "#graphql\n  query ReadChangedOrders($search: String!, $after: String, $withLocations: Boolean! = false) {\n    orders(first: 5, after: $after, query: $search, sortKey: UPDATED_AT) {\n      nodes {\n        ...OrderFacts\n        lineItems(first: 15) {\n          nodes { ...LineFacts }\n          pageInfo { hasNextPage endCursor }\n        }\n      }\n      pageInfo { hasNextPage endCursor }\n    }\n  }\n  #graphql\n  fragment OrderFacts on Order {\n    id\n    name\n    createdAt\n    processedAt\n    updatedAt\n    cancelledAt\n    test\n    displayFinancialStatus\n    currencyCode\n    presentmentCurrencyCode\n    sourceName\n    tags\n    discountCodes\n    customer { id }\n    purchasingEntity { __typename }\n    totalPriceSet { shopMoney { amount } }\n    currentTotalPriceSet { shopMoney { amount } }\n    currentSubtotalPriceSet { shopMoney { amount } }\n    currentTotalTaxSet { shopMoney { amount } }\n    currentShippingPriceSet { shopMoney { amount } }\n    totalDiscountsSet { shopMoney { amount } }\n    totalRefundedSet { shopMoney { amount } }\n    netPaymentSet { shopMoney { amount } }\n    customerJourneySummary {\n      ready\n      firstVisit { source utmParameters { source medium campaign content term } }\n      lastVisit { source utmParameters { source medium campaign content term } }\n    }\n    attribution { displayName }\n    app { name }\n    returnStatus\n    disputes { initiatedAs status }\n    retailLocation @include(if: $withLocations) { id name }\n    refunds { id createdAt totalRefundedSet { shopMoney { amount } } }\n  }\n\n  #graphql\n  fragment LineFacts on LineItem {\n    id\n    title\n    sku\n    vendor\n    quantity\n    currentQuantity\n    isGiftCard\n    sellingPlan { name }\n    product { id }\n    variant { id }\n    originalTotalSet { shopMoney { amount } }\n    discountedTotalSet(withCodeDiscounts: true) { shopMoney { amount } }\n  }\n\n": {return: ReadChangedOrdersQuery, variables: ReadChangedOrdersQueryVariables},
  "#graphql\n  query ReadChangedProducts($search: String!, $after: String) {\n    products(first: 50, after: $after, query: $search, sortKey: UPDATED_AT) {\n      nodes {\n        ...ProductFacts\n        collections(first: 10) {\n          nodes { ...CollectionFacts }\n          pageInfo { hasNextPage endCursor }\n        }\n      }\n      pageInfo { hasNextPage endCursor }\n    }\n  }\n  #graphql\n  fragment ProductFacts on Product {\n    id\n    title\n    vendor\n    productType\n    handle\n    status\n    tags\n    createdAt\n    updatedAt\n  }\n\n  #graphql\n  fragment CollectionFacts on Collection {\n    id\n    title\n    handle\n    updatedAt\n  }\n\n": {return: ReadChangedProductsQuery, variables: ReadChangedProductsQueryVariables},
  "#graphql\n  query ReadChangedCollections($search: String!, $after: String) {\n    collections(first: 100, after: $after, query: $search, sortKey: UPDATED_AT) {\n      nodes { ...CollectionFacts }\n      pageInfo { hasNextPage endCursor }\n    }\n  }\n  #graphql\n  fragment CollectionFacts on Collection {\n    id\n    title\n    handle\n    updatedAt\n  }\n\n": {return: ReadChangedCollectionsQuery, variables: ReadChangedCollectionsQueryVariables},
  "#graphql\n  query ReadCustomersPage($search: String, $after: String) {\n    customers(first: 50, after: $after, query: $search, sortKey: ID) {\n      nodes { ...CustomerFacts }\n      pageInfo { hasNextPage endCursor }\n    }\n  }\n  #graphql\n  fragment CustomerFacts on Customer {\n    id\n    createdAt\n    updatedAt\n    state\n    verifiedEmail\n    locale\n    tags\n    numberOfOrders\n    amountSpent { amount currencyCode }\n    statistics { rfmGroup predictedSpendTier }\n    productSubscriberStatus\n    defaultEmailAddress { marketingState marketingUpdatedAt }\n    defaultPhoneNumber { smsMarketingConsent { state updatedAt } }\n    defaultAddress { countryCodeV2 provinceCode city }\n  }\n\n": {return: ReadCustomersPageQuery, variables: ReadCustomersPageQueryVariables},
  "#graphql\n  query ReadOrdersPage($search: String, $after: String, $withLocations: Boolean! = false) {\n    orders(first: 5, after: $after, query: $search, sortKey: ID) {\n      nodes {\n        ...OrderFacts\n        lineItems(first: 15) {\n          nodes { ...LineFacts }\n          pageInfo { hasNextPage endCursor }\n        }\n      }\n      pageInfo { hasNextPage endCursor }\n    }\n  }\n  #graphql\n  fragment OrderFacts on Order {\n    id\n    name\n    createdAt\n    processedAt\n    updatedAt\n    cancelledAt\n    test\n    displayFinancialStatus\n    currencyCode\n    presentmentCurrencyCode\n    sourceName\n    tags\n    discountCodes\n    customer { id }\n    purchasingEntity { __typename }\n    totalPriceSet { shopMoney { amount } }\n    currentTotalPriceSet { shopMoney { amount } }\n    currentSubtotalPriceSet { shopMoney { amount } }\n    currentTotalTaxSet { shopMoney { amount } }\n    currentShippingPriceSet { shopMoney { amount } }\n    totalDiscountsSet { shopMoney { amount } }\n    totalRefundedSet { shopMoney { amount } }\n    netPaymentSet { shopMoney { amount } }\n    customerJourneySummary {\n      ready\n      firstVisit { source utmParameters { source medium campaign content term } }\n      lastVisit { source utmParameters { source medium campaign content term } }\n    }\n    attribution { displayName }\n    app { name }\n    returnStatus\n    disputes { initiatedAs status }\n    retailLocation @include(if: $withLocations) { id name }\n    refunds { id createdAt totalRefundedSet { shopMoney { amount } } }\n  }\n\n  #graphql\n  fragment LineFacts on LineItem {\n    id\n    title\n    sku\n    vendor\n    quantity\n    currentQuantity\n    isGiftCard\n    sellingPlan { name }\n    product { id }\n    variant { id }\n    originalTotalSet { shopMoney { amount } }\n    discountedTotalSet(withCodeDiscounts: true) { shopMoney { amount } }\n  }\n\n": {return: ReadOrdersPageQuery, variables: ReadOrdersPageQueryVariables},
  "#graphql\n  query ReadProductsPage($search: String, $after: String) {\n    products(first: 40, after: $after, query: $search, sortKey: ID) {\n      nodes {\n        ...ProductFacts\n        collections(first: 10) {\n          nodes { ...CollectionFacts }\n          pageInfo { hasNextPage endCursor }\n        }\n      }\n      pageInfo { hasNextPage endCursor }\n    }\n  }\n  #graphql\n  fragment ProductFacts on Product {\n    id\n    title\n    vendor\n    productType\n    handle\n    status\n    tags\n    createdAt\n    updatedAt\n  }\n\n  #graphql\n  fragment CollectionFacts on Collection {\n    id\n    title\n    handle\n    updatedAt\n  }\n\n": {return: ReadProductsPageQuery, variables: ReadProductsPageQueryVariables},
  "#graphql\n  query CountCustomers($search: String) { customersCount(query: $search, limit: null) { count } }\n": {return: CountCustomersQuery, variables: CountCustomersQueryVariables},
  "#graphql\n  query CountOrders($search: String) { ordersCount(query: $search, limit: null) { count } }\n": {return: CountOrdersQuery, variables: CountOrdersQueryVariables},
  "#graphql\n  query CountProducts($search: String) { productsCount(query: $search, limit: null) { count } }\n": {return: CountProductsQuery, variables: CountProductsQueryVariables},
  "#graphql\n  query RecentBulkMutations {\n    bulkOperations(first: 50, query: \"operation_type:mutation\", sortKey: CREATED_AT, reverse: true) {\n      nodes { id query }\n    }\n  }\n": {return: RecentBulkMutationsQuery, variables: RecentBulkMutationsQueryVariables},
  "#graphql\n  query RecentBulkQueries {\n    bulkOperations(first: 20, query: \"operation_type:query\", sortKey: CREATED_AT, reverse: true) {\n      nodes { id status createdAt query }\n    }\n  }\n": {return: RecentBulkQueriesQuery, variables: RecentBulkQueriesQueryVariables},
  "#graphql\n  query SearchCustomers($query: String!) {\n    customers(first: 10, query: $query) {\n      nodes {\n        id\n        displayName\n        defaultEmailAddress { emailAddress }\n      }\n    }\n  }\n": {return: SearchCustomersQuery, variables: SearchCustomersQueryVariables},
  "#graphql\n  query ReadShop {\n    shop {\n      id\n      name\n      myshopifyDomain\n      currencyCode\n      ianaTimezone\n      plan { publicDisplayName partnerDevelopment shopifyPlus }\n    }\n    currentAppInstallation { accessScopes { handle } }\n  }\n": {return: ReadShopQuery, variables: ReadShopQueryVariables},
}

interface GeneratedMutationTypes {
  "#graphql\n  mutation RunBulkQuery($query: String!) {\n    bulkOperationRunQuery(query: $query, groupObjects: false) {\n      bulkOperation { id status createdAt }\n      userErrors { field message code }\n    }\n  }\n": {return: RunBulkQueryMutation, variables: RunBulkQueryMutationVariables},
  "#graphql\n  mutation RunBulkMutation($mutation: String!, $stagedUploadPath: String!, $clientIdentifier: String) {\n    bulkOperationRunMutation(\n      mutation: $mutation\n      stagedUploadPath: $stagedUploadPath\n      clientIdentifier: $clientIdentifier\n    ) {\n      bulkOperation { id status createdAt }\n      userErrors { field message code }\n    }\n  }\n": {return: RunBulkMutationMutation, variables: RunBulkMutationMutationVariables},
  "#graphql\n  mutation CancelBulkOperation($id: ID!) {\n    bulkOperationCancel(id: $id) {\n      bulkOperation { id status }\n      userErrors { field message }\n    }\n  }\n": {return: CancelBulkOperationMutation, variables: CancelBulkOperationMutationVariables},
  "#graphql\n  mutation StageUploads($input: [StagedUploadInput!]!) {\n    stagedUploadsCreate(input: $input) {\n      stagedTargets {\n        url\n        resourceUrl\n        parameters { name value }\n      }\n      userErrors { field message }\n    }\n  }\n": {return: StageUploadsMutation, variables: StageUploadsMutationVariables},
  "#graphql\n  mutation DefineMetafield($definition: MetafieldDefinitionInput!) {\n    metafieldDefinitionCreate(definition: $definition) {\n      createdDefinition { id }\n      userErrors { code message }\n    }\n  }\n": {return: DefineMetafieldMutation, variables: DefineMetafieldMutationVariables},
  "#graphql\n  mutation DropDefinition($id: ID!) {\n    metafieldDefinitionDelete(id: $id, deleteAllAssociatedMetafields: true) {\n      deletedDefinitionId\n      userErrors { code message }\n    }\n  }\n": {return: DropDefinitionMutation, variables: DropDefinitionMutationVariables},
  "#graphql\n  mutation SetMetafields($metafields: [MetafieldsSetInput!]!) {\n    metafieldsSet(metafields: $metafields) {\n      metafields { key compareDigest owner { ... on Customer { id } } }\n      userErrors { code message elementIndex }\n    }\n  }\n": {return: SetMetafieldsMutation, variables: SetMetafieldsMutationVariables},
  "#graphql\n  mutation DeleteMetafields($metafields: [MetafieldIdentifierInput!]!) {\n    metafieldsDelete(metafields: $metafields) {\n      deletedMetafields { key ownerId }\n      userErrors { message }\n    }\n  }\n": {return: DeleteMetafieldsMutation, variables: DeleteMetafieldsMutationVariables},
  "#graphql\n  mutation CreateSegment($name: String!, $query: String!) {\n    segmentCreate(name: $name, query: $query) {\n      segment { id name query }\n      userErrors { field message }\n    }\n  }\n": {return: CreateSegmentMutation, variables: CreateSegmentMutationVariables},
  "#graphql\n  mutation UpdateSegment($id: ID!, $name: String, $query: String) {\n    segmentUpdate(id: $id, name: $name, query: $query) {\n      segment { id name query }\n      userErrors { field message }\n    }\n  }\n": {return: UpdateSegmentMutation, variables: UpdateSegmentMutationVariables},
  "#graphql\n  mutation DeleteSegment($id: ID!) {\n    segmentDelete(id: $id) {\n      deletedSegmentId\n      userErrors { field message }\n    }\n  }\n": {return: DeleteSegmentMutation, variables: DeleteSegmentMutationVariables},
}
declare module '@shopify/admin-api-client' {
  type InputMaybe<T> = AdminTypes.InputMaybe<T>;
  interface AdminQueries extends GeneratedQueryTypes {}
  interface AdminMutations extends GeneratedMutationTypes {}
}
