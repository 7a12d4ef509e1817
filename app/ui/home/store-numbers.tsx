import type { StoreSummary } from '../../history/read-store-summary.server.ts';
import { averageMinor, formatCount, formatMinor, formatShare } from '../format.ts';
import { StatCard, StatCards } from '../stat-card.tsx';

/** Customers, orders and money of the whole store. */
export function StoreNumbers({ summary, currency }: { summary: StoreSummary; currency: string }) {
  const average = averageMinor(summary.spentMinor, summary.orders);
  const neverOrdered = summary.customers - summary.buyers;
  return (
    <StatCards>
      <StatCard
        label="Customers"
        value={formatCount(summary.customers)}
        help={
          summary.leftOut > 0
            ? `${formatCount(summary.leftOut)} left out`
            : neverOrdered > 0
              ? `${formatCount(neverOrdered)} without a counted order`
              : 'all with a counted order'
        }
      />
      <StatCard label="Orders" value={formatCount(summary.orders)} help="that count, of customers" />
      <StatCard label="Spent" value={formatMinor(summary.spentMinor, currency)} help="after refunds" />
      <StatCard
        label="An order"
        value={average === undefined ? '–' : formatMinor(average, currency)}
        help="on average"
      />
      <StatCard
        label="Repeat rate"
        value={formatShare(summary.repeatBuyers, summary.buyers)}
        help={`${formatCount(summary.oneTimeBuyers)} one-time, ${formatCount(summary.repeatBuyers)} repeat`}
      />
    </StatCards>
  );
}
