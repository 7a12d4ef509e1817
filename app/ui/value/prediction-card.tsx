/** What is expected of one customer, as of the fit's day. */
import { BlockStack, Card, Text } from '@shopify/polaris';
import type { Risk } from '../../value/models/risk.ts';
import type { CustomerPrediction } from '../../value/read-prediction.server.ts';
import { FactList } from '../fact-list.tsx';
import { formatDay, formatMinor } from '../format.ts';
import { formatNumber, formatPercent } from './value-words.ts';

const RISKS: Readonly<Record<Risk, string>> = { low: 'Low', medium: 'Medium', high: 'High' };

export function PredictionCard({
  prediction,
  currency,
}: {
  prediction: CustomerPrediction | undefined;
  currency: string;
}) {
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          Predictions
        </Text>
        {prediction ? (
          <>
            <FactList
              facts={[
                { name: 'Still a customer (chance)', value: formatPercent(prediction.alive) },
                { name: 'Risk of losing them', value: RISKS[prediction.risk] },
                {
                  name: 'Orders expected',
                  value: formatNumber(prediction.expectedOrders, 2),
                  note: 'next 12 months',
                },
                {
                  name: 'Spend expected',
                  value: formatMinor(prediction.expectedValueMinor, currency),
                  note: 'next 12 months',
                },
                {
                  name: 'Expected next order',
                  value: prediction.nextOrderOn ? formatDay(prediction.nextOrderOn) : 'Not within ten years',
                  note: spread(prediction),
                },
              ]}
            />
            <Text as="p" tone="subdued" variant="bodySm">
              {`As of ${formatDay(prediction.asOf)}; these are means over all customers with the same history${prediction.trusted ? '' : ', and rough: your store has too few orders yet'}.`}
            </Text>
          </>
        ) : (
          <Text as="p" tone="subdued">
            None: they are for customers with a counted order, once your store’s model is fitted.
          </Text>
        )}
      </BlockStack>
    </Card>
  );
}

function spread({ nextOrderFrom, nextOrderTo }: CustomerPrediction): string | undefined {
  if (!nextOrderFrom) return undefined;
  return nextOrderTo
    ? `half of such customers order from ${formatDay(nextOrderFrom)} to ${formatDay(nextOrderTo)}, if at all`
    : `a quarter of such customers order by ${formatDay(nextOrderFrom)}, if at all`;
}
