/**
 * Target cart.delivery-options.discounts.generate.run: free shipping for who holds such an offer, and has nothing off
 * the goods by this discount: of the offers of one discount a customer gets one. What shipping costs is not known when
 * the goods are decided, so goods come first here; the app puts the two into discounts of their own, of which Shopify
 * takes the better one. Pure.
 */
import { bestOnGoods } from './best-on-goods.ts';
import { heldOffers } from './held-offers.ts';
import type { CartDeliveryInput } from './input.ts';
import { priceLines } from './lines.ts';
import type { CartDeliveryResult } from './output.ts';

export function cartDeliveryOptionsDiscountsGenerateRun(input: CartDeliveryInput): CartDeliveryResult {
  const { discount, cart } = input;
  const offer = heldOffers(input, priceLines(cart.lines)).find(({ kind }) => kind === 'free_shipping');
  if (!offer || !discount.discountClasses.includes('SHIPPING') || cart.deliveryGroups.length === 0) {
    return { operations: [] };
  }
  if (bestOnGoods(input)) return { operations: [] };
  return {
    operations: [
      {
        deliveryDiscountsAdd: {
          selectionStrategy: 'ALL',
          candidates: [
            {
              message: offer.title,
              targets: cart.deliveryGroups.map(({ id }) => ({ deliveryGroup: { id } })),
              value: { percentage: { value: '100' } },
            },
          ],
        },
      },
    ],
  };
}
