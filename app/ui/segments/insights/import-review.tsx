/** What a file would do here, segment by segment, and the choice where one is here already. */
import {
  Badge,
  Banner,
  BlockStack,
  Button,
  Card,
  Checkbox,
  InlineStack,
  Select,
  Text,
} from '@shopify/polaris';
import { Form, useNavigation } from '@remix-run/react';
import { useState } from 'react';
import type { Conflict } from '../../../segments/transfer/import-segments.server.ts';
import type { ImportPlan, PlannedSegment } from '../../../segments/transfer/plan-import.ts';
import { countOf } from '../../format.ts';

const VERDICTS: Record<
  PlannedSegment['verdict'],
  { words: string; tone?: 'success' | 'attention' | 'critical' }
> = {
  new: { words: 'New draft', tone: 'success' },
  same: { words: 'Here already' },
  differs: { words: 'Here with another rule', tone: 'attention' },
  faulty: { words: 'Cannot be used', tone: 'critical' },
};

const SETTING_WORDS: Record<ImportPlan['settings'][number]['name'], string> = {
  askAbove: 'Ask me before changing more than … customers',
  tagPrefix: 'What tags begin with',
  policy: 'What counts as an order',
  postalCodes: 'Whether postal codes are kept',
  metafields: 'Which metafields are read',
};

export function ImportReview({
  plan,
  fingerprint,
  text,
}: {
  plan: ImportPlan;
  fingerprint: string;
  text: string;
}) {
  const busy = useNavigation().state !== 'idle';
  const count = (verdict: PlannedSegment['verdict']) =>
    plan.segments.filter((segment) => segment.verdict === verdict).length;
  const asks = plan.settings.some(({ name }) => name === 'askAbove');
  return (
    <Form method="post">
      <input type="hidden" name="intent" value="import" />
      <input type="hidden" name="fingerprint" value={fingerprint} />
      <input type="hidden" name="text" value={text} />
      <BlockStack gap="400">
        {plan.otherCurrency || plan.otherTimeZone ? (
          <Banner tone="warning" title="The file comes from a store that differs">
            {plan.otherCurrency ? (
              <p>{`Its amounts are in ${plan.otherCurrency}. The numbers are kept as they are and mean your currency here: look at each.`}</p>
            ) : null}
            {plan.otherTimeZone ? (
              <p>{`Its days are those of ${plan.otherTimeZone}. Here all days are your own.`}</p>
            ) : null}
          </Banner>
        ) : null}
        <Card>
          <BlockStack gap="300">
            <Text as="h2" variant="headingMd">
              {`${countOf(count('new'), 'new draft')}, ${count('differs')} to decide, ${count('same')} here already, ${count('faulty')} that cannot be used`}
            </Text>
            <ul className="rg-notes">
              {plan.segments
                .filter(({ verdict }) => verdict !== 'same')
                .map((segment) => (
                  <li key={segment.key}>
                    <PlannedRow segment={segment} />
                  </li>
                ))}
            </ul>
            {plan.sets.length > 0 ? (
              <Text as="p" tone="subdued">
                {`Sets in the file: ${plan.sets.map(({ name, segments }) => `${name} (${segments.length})`).join(', ')}. A set is made of those of its segments that are new here.`}
              </Text>
            ) : null}
            {plan.leftOut.length > 0 ? (
              <Text as="p" tone="subdued">
                {`Not in the file: ${plan.leftOut.map(({ name, why }) => `${name} (${why})`).join(' ')}`}
              </Text>
            ) : null}
          </BlockStack>
        </Card>
        {plan.settings.length > 0 ? (
          <Card>
            <BlockStack gap="300">
              <Text as="h2" variant="headingMd">
                Settings that are others here
              </Text>
              <ul className="rg-notes">
                {plan.settings.map(({ name, there, here }) => (
                  <li key={name}>
                    <Text as="p">{`${SETTING_WORDS[name]}: ${written(there)} there, ${written(here)} here.`}</Text>
                  </li>
                ))}
              </ul>
              {asks ? <AskAbove /> : null}
              <Text as="p" tone="subdued">
                All others stay as they are: they change who counts and which tags are written, so they are
                set by hand.
              </Text>
            </BlockStack>
          </Card>
        ) : null}
        <InlineStack gap="200">
          <Button submit variant="primary" loading={busy}>
            Import as drafts
          </Button>
          <Button url="/app/transfer">Cancel</Button>
        </InlineStack>
      </BlockStack>
    </Form>
  );
}

function AskAbove() {
  const [checked, setChecked] = useState(false);
  return (
    <Checkbox
      label="Take over the number of customers above which I am asked"
      name="askAbove"
      value="yes"
      checked={checked}
      onChange={setChecked}
    />
  );
}

function PlannedRow({ segment }: { segment: PlannedSegment }) {
  const { words, tone } = VERDICTS[segment.verdict];
  return (
    <BlockStack gap="100">
      <InlineStack gap="200" blockAlign="center">
        <Text as="span" fontWeight="semibold">
          {segment.name}
        </Text>
        <Badge tone={tone}>{words}</Badge>
      </InlineStack>
      {segment.sentence ? (
        <Text as="p" tone="subdued">
          {segment.sentence}
        </Text>
      ) : null}
      {segment.faults.map(({ path, message }) => (
        <Text as="p" tone="critical" key={`${path} ${message}`}>
          <code>{path}</code> {message}
        </Text>
      ))}
      {segment.flags.map((flag) => (
        <Text as="p" key={flag}>
          {flag}
        </Text>
      ))}
      {segment.verdict === 'differs' ? <Decide segment={segment} /> : null}
    </BlockStack>
  );
}

function Decide({ segment: { key, name, here } }: { segment: PlannedSegment }) {
  const [wish, setWish] = useState<Conflict>('skip');
  return (
    <Select
      label={`What to do with ${name}`}
      name={`conflict ${key}`}
      value={wish}
      onChange={(value) => setWish(value as Conflict)}
      options={[
        { value: 'skip', label: 'Keep mine' },
        { value: 'copy', label: 'Make a second one, as a draft' },
        {
          value: 'replace',
          label:
            here === 'draft'
              ? 'Change mine (it is a draft)'
              : 'Propose it as a change of mine, to be approved',
        },
      ]}
    />
  );
}

function written(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  return Array.isArray(value) && value.length === 0 ? 'none' : JSON.stringify(value);
}
