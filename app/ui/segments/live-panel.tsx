/** Beside the rule: what it says in one sentence, how many it holds now, who comes and goes, and a few of them. */
import { BlockStack, Card, InlineStack, Spinner, Text } from '@shopify/polaris';
import { printRule, type PrintOptions } from '../../segments/print-rule.ts';
import type { Rule } from '../../segments/rule.ts';
import { CustomerName } from '../customer-name.tsx';
import { capital, countOf, formatCount, formatMinor, formatShare } from '../format.ts';
import { CustomerNamesProvider, useCustomerNames } from '../use-customer-names.ts';
import type { Preview } from './use-preview.ts';

export function LivePanel({
  rule,
  unfinished,
  preview,
  print,
  currentWords,
}: {
  /** null while it is not finished. */
  rule: Rule | null;
  /** The first thing that is missing. */
  unfinished: string | null;
  preview: Preview;
  print: PrintOptions;
  /** "the members now" */
  currentWords: string;
}) {
  return (
    <BlockStack gap="400">
      <Card>
        <BlockStack gap="200">
          <Text as="h2" variant="headingMd">
            In one sentence
          </Text>
          {rule ? (
            <p className="rg-sentence">{printRule(rule, print)}</p>
          ) : (
            <Text as="p" tone="subdued">
              {unfinished ?? 'Finish the conditions to see it.'}
            </Text>
          )}
        </BlockStack>
      </Card>
      <Card>
        <BlockStack gap="300">
          <InlineStack align="space-between" blockAlign="center">
            <Text as="h2" variant="headingMd">
              Right now
            </Text>
            {preview.counting ? <Spinner size="small" accessibilityLabel="Counting" /> : null}
          </InlineStack>
          <div aria-live="polite" aria-busy={preview.counting}>
            <Answer preview={preview} currency={print.currency} currentWords={currentWords} />
          </div>
        </BlockStack>
      </Card>
    </BlockStack>
  );
}

function Answer({
  preview: { answer, failed },
  currency,
  currentWords,
}: {
  preview: Preview;
  currency: string;
  currentWords: string;
}) {
  if (failed) {
    return (
      <Text as="p" tone="subdued">
        The count could not be asked. It is asked again with the next change.
      </Text>
    );
  }
  if (!answer) {
    return (
      <Text as="p" tone="subdued">
        The count follows as soon as the conditions are finished.
      </Text>
    );
  }
  switch (answer.outcome) {
    case 'too_slow':
      return (
        <Text as="p" tone="subdued">
          Counting takes too long for a preview. The review counts it in full.
        </Text>
      );
    case 'not_imported':
      return (
        <Text as="p" tone="subdued">
          Your store is still being read. Counts come once that is done.
        </Text>
      );
    case 'faults':
      return (
        <Text as="p" tone="critical">
          {answer.faults.map(({ message }) => capital(message)).join(' ')}
        </Text>
      );
    case 'counted':
      return <Counted {...answer} currency={currency} currentWords={currentWords} />;
  }
}

function Counted({
  size,
  everybody,
  spentMinor,
  sample,
  against,
  currency,
  currentWords,
}: Extract<NonNullable<Preview['answer']>, { outcome: 'counted' }> & {
  currency: string;
  currentWords: string;
}) {
  const names = useCustomerNames(sample);
  const warning =
    size === 0
      ? 'Nobody at the moment.'
      : size === everybody && everybody > 0
        ? 'Every customer: the tag would say nothing.'
        : '';
  return (
    <BlockStack gap="300">
      <div>
        <Text as="p" variant="headingXl" numeric>
          {countOf(size, 'customer')}
        </Text>
        <Text as="p" tone="subdued">
          {`${formatShare(size, everybody)} of ${formatCount(everybody)}; they spent ${formatMinor(spentMinor, currency)}`}
        </Text>
      </div>
      {warning ? (
        <Text as="p" tone="caution">
          {warning}
        </Text>
      ) : null}
      {against ? (
        <p className="rg-moves">
          {against.gains === 0 && against.loses === 0 ? (
            `The same as ${currentWords}.`
          ) : (
            <>
              <strong>{`+${formatCount(against.gains)}`}</strong>
              {' come in, '}
              <strong>{`−${formatCount(against.loses)}`}</strong>
              {` go out, against ${currentWords}.`}
            </>
          )}
        </p>
      ) : null}
      {sample.length > 0 ? (
        <BlockStack gap="100">
          <Text as="h3" variant="headingSm">
            {sample.length < size ? 'Those who spent most' : 'These are they'}
          </Text>
          <CustomerNamesProvider value={names}>
            <ul className="rg-plain-list">
              {sample.map((id) => (
                <li key={id}>
                  <CustomerName id={id} />
                </li>
              ))}
            </ul>
          </CustomerNamesProvider>
        </BlockStack>
      ) : null}
    </BlockStack>
  );
}
