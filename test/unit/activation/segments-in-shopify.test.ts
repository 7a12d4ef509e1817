import { expect, test } from 'vitest';
import {
  isNamed,
  isNamedAsOurs,
  nativeName,
  offerSegmentName,
} from '../../../app/activation/segments-in-shopify/names.ts';
import { saysGone } from '../../../app/shopify/says-gone.ts';

test('a name is found again with the number that Shopify adds, and no other', () => {
  expect(isNamed('Regulars: VIP (12)', nativeName('VIP'))).toBe(true);
  expect(isNamed('Regulars: VIP (two)', nativeName('VIP'))).toBe(false);
  expect(isNamed('Regulars: VIPs', nativeName('VIP'))).toBe(false);
  expect(nativeName('x'.repeat(300))).toHaveLength(255);
});

test('both names that we give are known as ours, and none of the merchant’s', () => {
  for (const name of [nativeName('VIP'), offerSegmentName('Come back'), `${offerSegmentName('x')} (2)`]) {
    expect(isNamedAsOurs(name)).toBe(true);
  }
  for (const name of ['Regulars of mine', 'VIP', 'My Regulars: VIP']) expect(isNamedAsOurs(name)).toBe(false);
  expect(offerSegmentName('x'.repeat(300))).toHaveLength(255);
});

test.each([
  ['Segment does not exist', true],
  ['Discount could not be found.', true],
  ['Segment not found', true],
  ['Invalid id: gid://shopify/Segment/7', true],
  ['The segment is used by a discount', false],
])('“%s” says that it is gone: %s', (message, gone) => {
  expect(saysGone(message)).toBe(gone);
});
