/** Ideas about what customers are worth and how they buy. */
import { all, atLeast, BEST, between, is, moreThan, REPEAT, type Take } from './presets-idea-parts.ts';
import type { PresetNumbers } from './presets-ideas.ts';
import type { Rule } from './rule.ts';

export function value(store: PresetNumbers): Take[] {
  return [
    {
      key: 'high-predicted-value',
      name: 'High predicted value',
      family: 'value',
      advice: 'Spend on keeping them: they are expected to be the top tenth of the next twelve months.',
      rule:
        store.predictedMinor === null
          ? 'There are no predictions that can be relied on yet.'
          : all(moreThan('predicted_value_12_months', store.predictedMinor)),
    },
    {
      key: 'best-at-risk',
      name: 'Best at risk of leaving',
      family: 'value',
      advice: 'The most money that is about to be lost: call, write, or send a personal offer.',
      rule: all(BEST, is('risk_of_losing', 'high')),
    },
    {
      key: 'one-big-order',
      name: 'One big order',
      family: 'value',
      advice: 'Find out whether they bought a present or for a company, and ask what else they need.',
      rule:
        store.bigOrderMinor === null
          ? 'Nobody has bought anything yet.'
          : all(is('orders', 1), moreThan('biggest_order', store.bigOrderMinor)),
    },
  ];
}

export function habits(store: PresetNumbers): Take[] {
  const { secondOrderDays: second, gapDays: gap, discountShare, returnedShare } = store;
  const noRepeats = 'Too few customers have ordered twice.';
  const subscribers = (rule: Rule) => (store.hasSubscriptions ? rule : 'The store has no subscriptions.');
  return [
    {
      key: 'second-order-window',
      name: 'Second-order window',
      family: 'habits',
      advice: 'Half of all second orders come in these days: write now.',
      rule: second
        ? all(is('orders', 1), between('days_since_last_order', second.from, second.to))
        : noRepeats,
    },
    {
      key: 'becoming-regulars',
      name: 'Becoming regulars',
      family: 'habits',
      advice: 'Two orders and still near: the third makes a habit. Show what others bought third.',
      rule: all(is('orders', 2), { field: 'rhythm', op: 'in', value: ['active', 'slowing'] }),
    },
    {
      key: 'cadence-due',
      name: 'Next order due',
      family: 'habits',
      advice: 'By the gaps that are usual in this store their next order falls into these days: remind them.',
      rule: gap ? all(REPEAT, between('days_since_last_order', gap.median, gap.most)) : noRepeats,
    },
    {
      key: 'likely-to-order',
      name: 'Likely to order again',
      family: 'habits',
      advice: 'At least one more order is expected within twelve months: no discount needed.',
      rule: all(atLeast('predicted_orders_12_months', 1)),
    },
    {
      key: 'discount-hunters',
      name: 'Discount hunters',
      family: 'habits',
      advice: 'Keep full-price campaigns away from them, and tell them about sales first.',
      rule:
        discountShare === null
          ? noRepeats
          : discountShare === 0
            ? 'Fewer than one in five repeat buyers has bought at a discount.'
            : all(REPEAT, atLeast('share_at_discount', discountShare)),
    },
    {
      key: 'full-price-buyers',
      name: 'Full-price buyers',
      family: 'habits',
      advice: 'Leave them out of discount campaigns: they buy without.',
      rule: all(REPEAT, { field: 'share_at_discount', op: 'lte', value: 0 }),
    },
    {
      key: 'frequent-returners',
      name: 'Frequent returners',
      family: 'habits',
      advice: 'Help with sizes and descriptions before they order, and leave them out of free-return offers.',
      rule:
        returnedShare === null
          ? noRepeats
          : returnedShare === 0
            ? 'Fewer than one in ten repeat buyers has had money back.'
            : all(REPEAT, atLeast('share_returned', returnedShare)),
    },
    {
      key: 'subscribers',
      name: 'Subscribers',
      family: 'habits',
      advice: 'Leave them out of offers for what they get anyway, and tell them about news first.',
      rule: subscribers(all(is('subscription_status', 'ACTIVE'))),
    },
    {
      key: 'former-subscribers',
      name: 'Former subscribers',
      family: 'habits',
      advice: 'Ask why they stopped; a pause or a smaller box brings some back.',
      rule: subscribers(
        all({ field: 'subscription_status', op: 'in', value: ['PAUSED', 'FAILED', 'CANCELLED', 'EXPIRED'] }),
      ),
    },
    {
      key: 'open-returns',
      name: 'Return under way',
      family: 'habits',
      advice: 'Hold campaigns back until it is settled.',
      rule: all(atLeast('open_returns', 1)),
    },
    {
      key: 'anniversary-week',
      name: 'Anniversary this week',
      family: 'habits',
      advice: 'Thank them for another year; a small present is remembered.',
      rule: all({ field: 'first_order_anniversary_in', op: 'lte', value: 7 }),
    },
  ];
}
