import { expect, it } from 'vitest';
import { ADMIN_API_VERSION } from '../../app/shopify/api-version.ts';
import { contractShop } from './contract-shop.ts';

const shop = contractShop();
const NAME = JSON.stringify({ query: '{ shop { name } }' });

it('a token that is not good: 401', async () => {
  expect((await shop.post(NAME, { token: 'shpat_0123456789abcdef0123456789abcdef' })).status).toBe(401);
});

it('says which version answered, with a time', async () => {
  const { status, headers } = await shop.post(NAME);
  expect([status, headers.get('x-shopify-api-version')]).toEqual([200, ADMIN_API_VERSION]);
  expect(Number.isNaN(Date.parse(headers.get('date') ?? ''))).toBe(false);
});

it('a version that is gone falls forward, and the header says so', async () => {
  const response = await shop.post(NAME, { version: '2024-01' });
  expect(response.status).toBe(200);
  expect(response.headers.get('x-shopify-api-version')).toMatch(/^202[6-9]-\d\d$/);
});

it('knows the shop’s currency, time zone, plan, and what the app may do', async () => {
  const answer = await shop.run(
    '{ shop { id myshopifyDomain currencyCode ianaTimezone plan { publicDisplayName } } currentAppInstallation { accessScopes { handle } } }',
  );
  expect(answer).toMatchObject({
    shop: {
      id: expect.stringMatching(/^gid:\/\/shopify\/Shop\/\d+$/) as string,
      currencyCode: expect.stringMatching(/^[A-Z]{3}$/) as string,
      ianaTimezone: expect.stringMatching(/\w/) as string,
    },
  });
});
