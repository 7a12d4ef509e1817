import { describe, expect, it } from 'vitest';
import { hasScopes, readRequiredScopes, withReadScopes } from '../../../sandbox/access/required-scopes.ts';

describe('the scopes that the schema asks for', () => {
  it.each([
    ['`read_customers` access scope.', [['read_customers']]],
    [
      '`read_orders` access scope, `read_marketplace_orders` access scope or `read_quick_sale` access scope.',
      [['read_orders', 'read_marketplace_orders', 'read_quick_sale']],
    ],
    [
      '`write_customers` access scope. Also: User needs create_and_edit_customers permission.',
      [['write_customers']],
    ],
    [
      '`read_customers` access scope. Also: Requires `read_customer_payment_methods` scope.',
      [['read_customers'], ['read_customer_payment_methods']],
    ],
    [
      '`read_returns` access scope and (`read_orders` access scope or `read_marketplace_orders` access scope).',
      [['read_returns'], ['read_orders', 'read_marketplace_orders']],
    ],
    [
      '`read_markets` for queries and both `read_markets` as well as `write_markets` for mutations.',
      [['read_markets']],
    ],
    [
      'Any of `shipping` access scopes, `read_markets` access scope or `manage_delivery_settings` user permission.',
      [['read_shipping', 'write_shipping', 'read_markets']],
    ],
    ['Apps must have `read_discounts` access scope.', [['read_discounts']]],
    ['The user must have access to payouts.', []],
    ['The user must have `read_customer_merge` permissions.', []],
    [null, []],
  ])('%s', (text, groups) => {
    expect(readRequiredScopes(text)).toEqual(groups);
  });

  it('are to write where a mutation names only the thing', () => {
    expect(readRequiredScopes('`orders` access scope.', true)).toEqual([['write_orders']]);
    expect(readRequiredScopes('`orders` access scope.')).toEqual([['read_orders', 'write_orders']]);
  });

  it('are had by one scope of every group; to write includes to read', () => {
    const granted = withReadScopes(['write_customers', 'read_orders']);
    expect(hasScopes(granted, [['read_customers'], ['read_orders', 'read_quick_sale']])).toBe(true);
    expect(hasScopes(granted, [['read_customers'], ['read_returns']])).toBe(false);
    expect(hasScopes(granted, [['write_orders']])).toBe(false);
    expect(hasScopes('all', [['write_orders']])).toBe(true);
  });
});
