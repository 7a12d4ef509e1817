import { Banner } from '@shopify/polaris';
import { formatDay } from '../format.ts';

/** Shown while the merchant's hold covers today. */
export function OnHold({ until }: { until: string }) {
  return (
    <Banner
      tone="info"
      title={`No new numbers are put in force until ${formatDay(until)}`}
      action={{ content: 'Change the hold', url: '/app/settings' }}
    >
      <p>
        You hold cut points and predictions for the sale season. Orders move customers as always, by the
        numbers of before.
      </p>
    </Banner>
  );
}
