/** One segment of ours as a segment in Shopify: which, how many members there and here, and why they differ. */
import { Form, useNavigation } from '@remix-run/react';
import { Banner, BlockStack, Button, Card, ChoiceList, InlineStack, Text } from '@shopify/polaris';
import { useState } from 'react';
import type { NativeReach } from '../../activation/read-segment-reach.server.ts';
import type { NativeRulePreview } from '../../activation/native-segments/preview-native-rule.server.ts';
import { countOf, formatCount, formatInstant } from '../format.ts';
import { differenceWords, repairWords } from './reach-words.ts';

type Shown = Omit<NativeReach, 'countedAt' | 'repairedAt'> & {
  countedAt: Date | string | null;
  repairedAt: Date | string | null;
};

export function NativeSection({
  native,
  live,
  preview,
  timeZone,
}: {
  native: Shown;
  /** Only segments that are on can have one. */
  live: boolean;
  /** What the rule itself would hold in Shopify, once it was asked for. */
  preview: NativeRulePreview | null;
  timeZone: string;
}) {
  const [chosen, setChosen] = useState<'none' | 'tag' | 'rule'>(native.native);
  const { formData } = useNavigation();
  const busy = formData?.get('intent');
  const difference = differenceWords(native.difference);
  return (
    <Card>
      <BlockStack gap="400">
        <BlockStack gap="200">
          <Text as="h2" variant="headingMd">
            Segment in Shopify
          </Text>
          <Text as="p" tone="subdued">
            With a segment in Shopify you can use these customers in Shopify Email, in discounts and wherever
            Shopify lets you pick a segment. Regulars makes it, keeps its name and rule, and deletes it when
            you turn this segment off.
          </Text>
          {native.failure ? (
            <Banner tone="warning" title="The segment in Shopify is not as it should be">
              <p>{native.failure}</p>
            </Banner>
          ) : null}
          {native.state === 'made' ? (
            <>
              <Text as="p">
                {`“${native.name}” in Shopify: ${native.members === null ? 'not counted yet' : countOf(native.members, 'member')}; here: ${formatCount(native.expected ?? 0)}.`}
                {native.countedAt ? ` Counted on ${formatInstant(native.countedAt, timeZone)}.` : ''}
              </Text>
              {difference ? <Text as="p">{difference}</Text> : null}
              {native.whyTag === null ? null : (
                <Text as="p">{`It goes by the tag, because Shopify cannot say the rule: ${native.whyTag}`}</Text>
              )}
              <Text as="p" tone="subdued">
                Its rule: <code className="rg-tag">{native.query}</code>
              </Text>
            </>
          ) : (
            <Text as="p">
              {native.state === 'waiting'
                ? live
                  ? 'It is being made.'
                  : 'It is made as soon as this segment is on.'
                : 'There is none.'}
            </Text>
          )}
          {native.repaired ? (
            <Text as="p" tone="subdued">
              {repairWords(native.repaired)}
              {native.repairedAt ? ` ${formatInstant(native.repairedAt, timeZone)}.` : ''}
            </Text>
          ) : null}
        </BlockStack>
        <Form method="post">
          <input type="hidden" name="intent" value="set_native" />
          <BlockStack gap="300">
            <ChoiceList
              title="What it goes by"
              name="native"
              selected={[chosen]}
              onChange={([value]) => setChosen((value ?? 'none') as 'none' | 'tag' | 'rule')}
              choices={[
                { value: 'none', label: 'No segment in Shopify' },
                {
                  value: 'tag',
                  label: 'By the tag (as here)',
                  helpText: 'Exactly the customers who have the tag of this segment.',
                },
                {
                  value: 'rule',
                  label: 'By the rule itself',
                  helpText:
                    'Shopify works out the rule from its own figures. Compare the numbers first. Where Shopify cannot say the rule, the tag is used.',
                },
              ]}
            />
            {preview ? <RulePreview preview={preview} /> : null}
            <InlineStack gap="200">
              <Button submit variant="primary" loading={busy === 'set_native'}>
                Save
              </Button>
            </InlineStack>
          </BlockStack>
        </Form>
        {chosen === 'rule' && !preview ? (
          <Form method="post">
            <input type="hidden" name="intent" value="preview_rule" />
            <Button submit loading={busy === 'preview_rule'}>
              Compare the numbers
            </Button>
          </Form>
        ) : null}
      </BlockStack>
    </Card>
  );
}

function RulePreview({ preview }: { preview: NativeRulePreview }) {
  switch (preview.outcome) {
    case 'counted': {
      const by = preview.inShopify - preview.here;
      return (
        <Banner
          tone={by === 0 ? 'success' : 'info'}
          title={
            by === 0
              ? `Shopify finds the same number: ${formatCount(preview.here)}`
              : `Shopify finds ${countOf(preview.inShopify, 'customer')}, ${formatCount(Math.abs(by))} ${by > 0 ? 'more' : 'fewer'} than here`
          }
        >
          <p>
            By the rule <code className="rg-tag">{preview.query}</code>
          </p>
        </Banner>
      );
    }
    case 'cannot':
      return (
        <Banner tone="warning" title="Shopify’s rules cannot say this">
          <p>{preview.whyNot}</p>
        </Banner>
      );
    case 'unknown':
      return null;
  }
}
