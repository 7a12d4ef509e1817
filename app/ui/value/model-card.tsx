/** The model that predicts: which, on what, its parameters, and how the other models compare. */
import { BlockStack, Card, InlineGrid, Text } from '@shopify/polaris';
import { MODEL_TITLES } from '../../value/models/fit-warnings.ts';
import { MODEL_NAMES, type ModelName } from '../../value/models/purchase-model.ts';
import type { FitAttempt } from '../../value/read-fit.server.ts';
import { NumberTable } from '../charts/number-table.tsx';
import { FactList } from '../fact-list.tsx';
import { formatCount, formatDay, formatInstant } from '../format.ts';
import { formatMean, formatNumber, formatParameter } from './value-words.ts';
import { CardHead } from '../card-head.tsx';

/** The other two are fitted for comparison only. */
const PREDICTED_BY: ModelName = 'mbgnbd';

/** What each parameter says, for people who know the models and for those who do not. */
const MEANINGS: Readonly<Record<string, string>> = {
  r: 'how alike customers are in how often they order (high: alike)',
  alpha: 'days; r / alpha is the mean rate of orders a day of a living customer',
  a: 'a / (a + b) is the mean chance of leaving after an order',
  b: 'a / (a + b) is the mean chance of leaving after an order',
  p: 'how alike the orders of one customer are (high: alike)',
  q: 'how alike customers are in what an order is worth (high: alike)',
  gamma: 'scale of the amounts',
};

export function ModelCard({ fit, timeZone }: { fit: FitAttempt; timeZone: string }) {
  const { report } = fit;
  return (
    <Card>
      <BlockStack gap="400">
        <CardHead title="How the predictions are made">
          Published mathematics, fitted to your store’s own orders: MBG/NBD says how often and how long
          customers order, Gamma-Gamma what an order is worth.
        </CardHead>
        <InlineGrid columns={{ xs: 1, sm: 2 }} gap={{ xs: '200', sm: '800' }}>
          <FactList
            facts={[
              { name: 'Predicted by', value: MODEL_TITLES[PREDICTED_BY] },
              { name: 'As of', value: formatDay(fit.asOf), note: 'all predictions are seen from this day' },
              {
                name: 'In force since',
                value: fit.publishedAt ? formatInstant(fit.publishedAt, timeZone) : 'not in force',
              },
            ]}
          />
          <FactList
            facts={[
              { name: 'Customers', value: formatCount(fit.customers) },
              {
                name: 'Came back',
                value: formatCount(fit.repeatCustomers),
                note: 'orders on two days or more',
              },
              {
                name: 'Spend and frequency',
                value:
                  !report || report.spendFrequencyCorrelation === null
                    ? '–'
                    : formatNumber(report.spendFrequencyCorrelation, 2),
                note: 'correlation; the model supposes none',
              },
            ]}
          />
        </InlineGrid>
        <Parameters fit={fit} />
        {report ? <Comparison report={report} /> : null}
      </BlockStack>
    </Card>
  );
}

function Parameters({ fit }: { fit: FitAttempt }) {
  const { report } = fit;
  const errors = report?.models[PREDICTED_BY].standardErrors;
  const row = (model: string, name: string, value: number, error: number | null | undefined) => ({
    key: `${model} ${name}`,
    head: (
      <>
        {name}
        <span className="rg-map-help">{`${model}: ${MEANINGS[name] ?? ''}`}</span>
      </>
    ),
    cells: [
      name === 'gamma' ? formatMean(value, fit.currency) : formatParameter(value),
      error === null || error === undefined
        ? '–'
        : name === 'gamma'
          ? formatMean(error, fit.currency)
          : formatParameter(error),
    ],
  });
  return (
    <BlockStack gap="200">
      <Text as="h3" variant="headingSm">
        Parameters
      </Text>
      <NumberTable
        caption="Parameters of the models"
        wrap
        head={['Parameter', 'Value', 'Standard error']}
        rows={[
          ...inOrder(fit.params, ['r', 'alpha', 'a', 'b']).map(([name, value]) =>
            row(MODEL_TITLES[PREDICTED_BY], name, value, errors?.[name]),
          ),
          ...inOrder(fit.amounts, ['p', 'q', 'gamma']).map(([name, value]) =>
            row(
              'Gamma-Gamma',
              name,
              value,
              (report?.amounts?.standardErrors as Record<string, number> | null | undefined)?.[name],
            ),
          ),
        ]}
      />
      {fit.amounts ? null : (
        <Text as="p" tone="subdued">
          {`Gamma-Gamma is not used: the mean amount of a repeat order, ${formatMean(fit.meanAmount, fit.currency)}, stands for every customer.`}
        </Text>
      )}
    </BlockStack>
  );
}

/** As the papers write them; the database keeps no order. */
function inOrder<Name extends string>(
  params: Record<Name, number> | null,
  names: readonly Name[],
): [Name, number][] {
  return params ? names.map((name) => [name, params[name]]) : [];
}

function Comparison({ report }: { report: NonNullable<FitAttempt['report']> }) {
  return (
    <BlockStack gap="200">
      <Text as="h3" variant="headingSm">
        Compared with other models
      </Text>
      <NumberTable
        caption="The models compared by likelihood and hold-out"
        wrap
        head={['Model', 'Log-likelihood', 'MAE', 'RMSE', 'Bias', 'Converged']}
        rows={MODEL_NAMES.map((name) => {
          const { logLikelihood, converged, holdout } = report.models[name];
          return {
            key: name,
            head: name === PREDICTED_BY ? `${MODEL_TITLES[name]} (predicts)` : MODEL_TITLES[name],
            strong: name === PREDICTED_BY,
            cells: [
              formatNumber(logLikelihood, 1),
              ...([holdout?.mae, holdout?.rmse, holdout?.bias] as const).map((value) =>
                value === undefined ? '–' : formatNumber(value),
              ),
              converged ? 'yes' : 'no',
            ],
          };
        })}
      />
      <Text as="p" tone="subdued" variant="bodySm">
        {`Of ${formatCount(report.comparedOn)} customers. A higher log-likelihood fits the past better, a smaller error predicted better. MBG/NBD predicts even where another is a little ahead, because it gives people who ordered once a sane chance; BG/NBD takes each of them for a customer for ever.`}
      </Text>
    </BlockStack>
  );
}
