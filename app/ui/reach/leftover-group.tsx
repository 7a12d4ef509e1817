/** One kind of what an earlier installation left, with the merchant's choices. */
import { Form, useNavigation } from '@remix-run/react';
import { Banner, BlockStack, Button, ButtonGroup, Card, List, Text } from '@shopify/polaris';
import { LEFTOVER_GROUPS, type Leftover, type LeftoverKind } from '../../activation/leftovers/leftover.ts';
import { countOf, formatCount } from '../format.ts';

/** More are counted, not named. */
const SHOWN = 50;

export function LeftoverGroup({ kind, all }: { kind: LeftoverKind; all: readonly Leftover[] }) {
  const group = LEFTOVER_GROUPS[kind];
  const busy = useNavigation().formData;
  const waiting = all.filter(({ state }) => state === 'asked');
  const going = all.filter(({ state }) => state === 'removing').length;
  const adopted = all.filter(({ state }) => state === 'adopted').length;
  const failures = [...new Set(all.flatMap(({ failure }) => failure ?? []))];
  const choice = (decision: string, label: string, critical = false) => (
    <Form method="post">
      <input type="hidden" name="kind" value={kind} />
      <input type="hidden" name="decision" value={decision} />
      <Button
        submit
        tone={critical ? 'critical' : undefined}
        loading={busy?.get('kind') === kind && busy.get('decision') === decision}
        accessibilityLabel={`${label}: ${group.title}`}
      >
        {label}
      </Button>
    </Form>
  );
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {group.title}
        </Text>
        {failures.map((failure) => (
          <Banner key={failure} tone="warning" title="Not removed">
            <p>{failure}</p>
          </Banner>
        ))}
        <List>
          {all.slice(0, SHOWN).map((one) => (
            <List.Item key={one.ref}>
              {one.name}
              {kind === 'tag' ? ` on ${countOf(one.customers, 'customer')}` : ''}
              {kind === 'segment' && !one.sure ? ' (ours by its name only)' : ''}
            </List.Item>
          ))}
        </List>
        {all.length > SHOWN ? <Text as="p">{`And ${formatCount(all.length - SHOWN)} more.`}</Text> : null}
        {going > 0 ? <Text as="p">{`${countOf(going, group.one, group.many)} being removed.`}</Text> : null}
        {adopted > 0 ? <Text as="p">{`${countOf(adopted, group.one, group.many)} taken over.`}</Text> : null}
        {waiting.length + adopted === 0 ? null : (
          <>
            {group.adopt && waiting.length > 0 ? (
              <Text as="p" tone="subdued">{`${group.adopt.label}: ${group.adopt.says}`}</Text>
            ) : null}
            <Text as="p" tone="subdued">
              Leave as they are: Regulars never touches them again, and they are your store’s own.
            </Text>
            <ButtonGroup>
              {group.adopt && waiting.length > 0 ? choice('adopt', group.adopt.label) : null}
              {choice('remove', 'Remove from the store', true)}
              {choice('leave', 'Leave as they are')}
            </ButtonGroup>
          </>
        )}
      </BlockStack>
    </Card>
  );
}
