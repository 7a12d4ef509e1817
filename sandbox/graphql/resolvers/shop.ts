import type { PlanName } from '../../store/model.ts';
import type { Sandbox } from '../../sandbox.ts';
import type { Store } from '../../store/store.ts';
import type { GraphQLResolveInfo } from 'graphql';
import type { GraphContext } from '../context.ts';
import { gid } from '../gid.ts';
import { metafieldsOf } from './metafield.ts';

const PLAN_NAMES: Record<PlanName, string> = { standard: 'Grow', advanced: 'Advanced', plus: 'Plus' };

const METAFIELDS = metafieldsOf<null>('SHOP', (_, store) => store.shop.id);
const ofShop =
  (name: 'metafield' | 'metafields') => (args: never, context: GraphContext, info: GraphQLResolveInfo) =>
    METAFIELDS[name]?.(null, args, context, info);

/** Value objects: a field that is not among these is refused by the strict default resolver. */
export function shopObject(store: Store) {
  const { shop } = store;
  const plan = PLAN_NAMES[shop.plan];
  return {
    metafield: ofShop('metafield'),
    metafields: ofShop('metafields'),
    id: gid('Shop', shop.id),
    name: shop.name,
    email: shop.email,
    contactEmail: shop.email,
    myshopifyDomain: shop.domain,
    url: `https://${shop.domain}`,
    currencyCode: shop.currency,
    enabledPresentmentCurrencies: [shop.currency],
    ianaTimezone: shop.ianaTimezone,
    plan: {
      publicDisplayName: plan,
      displayName: plan,
      partnerDevelopment: false,
      shopifyPlus: shop.plan === 'plus',
    },
    primaryDomain: { host: shop.domain, url: `https://${shop.domain}`, sslEnabled: true },
    shopAddress: { countryCodeV2: shop.countryCode },
    billingAddress: { countryCodeV2: shop.countryCode },
  };
}

export function appInstallation(sandbox: Sandbox, store: Store) {
  return {
    id: gid('AppInstallation', store.shop.id),
    accessScopes: sandbox.access.scopesOf(store.shop.domain).map((handle) => ({ handle })),
    app: { id: gid('App', '1'), apiKey: sandbox.apiKey },
    launchUrl: `${sandbox.url}/store/${store.shop.domain.split('.')[0]}/apps/regulars`,
  };
}
