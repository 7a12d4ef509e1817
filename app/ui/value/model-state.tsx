/** Whether there are predictions, from when, and what is to be known about them, in words. */
import { Banner, BlockStack, List } from '@shopify/polaris';
import type { FitAttempt } from '../../value/read-fit.server.ts';
import { formatDay } from '../format.ts';

export interface ModelStateProps {
  newest: FitAttempt | null;
  inForce: FitAttempt | null;
}

export function ModelState({ newest, inForce }: ModelStateProps) {
  if (!newest) {
    return (
      <Banner tone="info" title="There are no predictions yet">
        <p>
          The models are fitted to your store’s own orders every night, and for the first time after the first
          import.
        </p>
      </Banner>
    );
  }
  return (
    <BlockStack gap="300">
      {newest.reason === null ? null : <Refused newest={newest} inForce={inForce} />}
      {inForce && inForce.warnings.length > 0 ? (
        <Banner
          tone={inForce.trusted ? 'info' : 'warning'}
          title={
            inForce.trusted
              ? 'Before you rely on the predictions'
              : 'Too little data to rely on the predictions'
          }
        >
          <List type="bullet">
            {inForce.warnings.map((warning) => (
              <List.Item key={warning}>{warning}</List.Item>
            ))}
          </List>
        </Banner>
      ) : null}
    </BlockStack>
  );
}

function Refused({ newest, inForce }: { newest: FitAttempt; inForce: FitAttempt | null }) {
  const kept = inForce
    ? `The predictions are still those of ${formatDay(inForce.asOf)}, the last good fit.`
    : 'So there are no predictions, and no segment that rests on them.';
  return newest.verdict === 'too_little' ? (
    <Banner tone={inForce ? 'warning' : 'info'} title="Too little data for predictions">
      <p>{`${newest.reason ?? ''} ${kept}`}</p>
    </Banner>
  ) : (
    <Banner tone="warning" title={`The fit of ${formatDay(newest.asOf)} was not put in force`}>
      <p>{`${newest.reason ?? ''} ${kept}`}</p>
    </Banner>
  );
}
