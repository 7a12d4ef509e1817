import { Banner, BlockStack } from '@shopify/polaris';
import type { TagAlert } from '../../activation/tags/tag-alerts.server.ts';
import { countOf, formatCount, formatInstant } from '../format.ts';
import { Choice } from './choice.tsx';

/** Many tags went at once: the merchant says what becomes of them. */
export function RemovedAtOnce({
  alert,
  timeZone,
}: {
  alert: Pick<TagAlert, 'id' | 'at' | 'removed' | 'waiting'>;
  timeZone: string;
}) {
  return (
    <Banner
      tone="critical"
      title={`${countOf(alert.removed, 'tag')} ${alert.removed === 1 ? 'was' : 'were'} removed at once`}
    >
      <BlockStack gap="300">
        <p>
          On {formatInstant(alert.at, timeZone)}, by somebody or something else than Regulars. Nothing was
          added again and nothing was accepted: you decide.
        </p>
        <Choice
          hidden={{ id: alert.id }}
          choices={[
            { intent: 'put_back', label: `Put back ${formatCount(alert.waiting)}`, primary: true },
            { intent: 'left_off', label: 'Leave them off' },
          ]}
        />
      </BlockStack>
    </Banner>
  );
}
