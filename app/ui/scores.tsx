import { BlockStack, Text } from '@shopify/polaris';
import { formatDay } from './format.ts';

const NAMES = [
  { key: 'r', name: 'Recency', help: 'how lately they ordered' },
  { key: 'f', name: 'Frequency', help: 'how often they ordered' },
  { key: 'm', name: 'Money', help: 'how much they spent' },
] as const;

export interface ScoresProps {
  score: { r: number; f: number; m: number; asOf: string | null } | undefined;
}

/** R, F and M as numbers and as five steps; the steps repeat the number for the eye only. */
export function Scores({ score }: ScoresProps) {
  if (!score) {
    return (
      <Text as="p" tone="subdued">
        Scores are for customers with a counted order.
      </Text>
    );
  }
  return (
    <BlockStack gap="300">
      <dl className="rg-scores">
        {NAMES.map(({ key, name, help }) => (
          <div key={key}>
            <dt>
              {name} <span className="rg-map-help">{help}</span>
            </dt>
            <dd>
              <span className="rg-score-steps" aria-hidden="true">
                {[1, 2, 3, 4, 5].map((step) => (
                  <span key={step} data-on={step <= score[key]} />
                ))}
              </span>
              <strong>{score[key]}</strong> <span className="rg-hidden">of 5</span>
            </dd>
          </div>
        ))}
      </dl>
      <Text as="p" tone="subdued" variant="bodySm">
        {`5 is the top fifth of your buyers${score.asOf ? `, as of ${formatDay(score.asOf)}` : ''}.`}
      </Text>
    </BlockStack>
  );
}
