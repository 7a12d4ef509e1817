/** What the shop is, and what it lets us do. */
export const READ_SHOP = `#graphql
  query ReadShop {
    shop {
      id
      name
      myshopifyDomain
      currencyCode
      ianaTimezone
      plan { publicDisplayName partnerDevelopment shopifyPlus }
    }
    currentAppInstallation { accessScopes { handle } }
  }
` as const;
