/** What is read from Shopify besides, when the merchant says so: postal codes, metafields of customers. */
import { Form, useNavigation } from '@remix-run/react';
import {
  Banner,
  BlockStack,
  Button,
  Card,
  FormLayout,
  InlineStack,
  Select,
  Tag,
  Text,
  TextField,
} from '@shopify/polaris';
import { useState } from 'react';
import { METAFIELD_TYPES, MOST_METAFIELDS } from '../../intake/picks.ts';
import { CardHead } from '../card-head.tsx';
import { countOf } from '../format.ts';

export interface PicksEffectShown {
  changed: boolean;
  emptied: number;
  reading: 'nothing' | 'in_background' | 'with_first_import';
  customers: number;
}

export function PostalSection({ on, effect }: { on: boolean; effect: PicksEffectShown }) {
  const busy = useBusy('set_postal');
  return (
    <Card>
      <Form method="post">
        <input type="hidden" name="intent" value="set_postal" />
        <input type="hidden" name="on" value={String(!on)} />
        <BlockStack gap="300">
          <div>
            <Text as="h2" variant="headingMd">
              Postal codes
            </Text>
            <Text as="p" tone="subdued">
              {on
                ? 'They are read and kept, and segments can ask for them.'
                : 'They are personal data that most stores do not need: they are not read unless you say so.'}
            </Text>
            <Text as="p">{effectWords(effect)}</Text>
          </div>
          <InlineStack>
            <Button submit loading={busy} tone={on ? 'critical' : undefined}>
              {on ? 'Stop, and delete them' : 'Read postal codes'}
            </Button>
          </InlineStack>
        </BlockStack>
      </Form>
    </Card>
  );
}

export interface ShownMetafield {
  key: string;
  type: string;
}

export function MetafieldsSection({
  picked,
  error,
  effect,
  given,
}: {
  picked: readonly ShownMetafield[];
  error?: string;
  /** Of what was asked for: shown before it is saved. */
  effect?: PicksEffectShown;
  given?: readonly ShownMetafield[];
}) {
  const [list, setList] = useState<readonly ShownMetafield[]>(given ?? picked);
  const [key, setKey] = useState('');
  const [type, setType] = useState<string>('single_line_text_field');
  const { formData, state } = useNavigation();
  const busy = state === 'idle' ? null : formData?.get('intent');
  const dirty = JSON.stringify(list) !== JSON.stringify(picked);
  const looked = effect && JSON.stringify(list) === JSON.stringify(given);
  const add = () => {
    const name = key.trim();
    if (name === '' || list.some((one) => one.key === name)) return;
    setList([...list, { key: name, type }]);
    setKey('');
  };
  return (
    <Card>
      <Form method="post">
        <input type="hidden" name="metafields" value={JSON.stringify(list)} />
        <BlockStack gap="300">
          <CardHead title="Customer metafields">
            {`Up to ${MOST_METAFIELDS} that segments can ask for, such as a birthday. Only those are read.`}
          </CardHead>
          {list.length > 0 ? (
            <InlineStack gap="100">
              {list.map((one) => (
                <Tag key={one.key} onRemove={() => setList(list.filter((other) => other !== one))}>
                  {`${one.key} (${typeName(one.type)})`}
                </Tag>
              ))}
            </InlineStack>
          ) : null}
          <FormLayout>
            <FormLayout.Group>
              <TextField
                label="Namespace and key"
                placeholder="custom.birthday"
                autoComplete="off"
                value={key}
                onChange={setKey}
                error={error}
              />
              <Select
                label="Type"
                options={Object.keys(METAFIELD_TYPES).map((value) => ({ value, label: typeName(value) }))}
                value={type}
                onChange={setType}
              />
            </FormLayout.Group>
          </FormLayout>
          {looked ? (
            <Banner tone="info" title="What saving does">
              <p>{effectWords(effect)}</p>
            </Banner>
          ) : null}
          <InlineStack gap="200">
            <Button onClick={add} disabled={key.trim() === '' || list.length >= MOST_METAFIELDS}>
              Add to the list
            </Button>
            <input type="hidden" name="intent" value={looked ? 'set_metafields' : 'look_metafields'} />
            <Button
              submit
              variant={looked ? 'primary' : undefined}
              disabled={!dirty}
              loading={busy === 'set_metafields' || busy === 'look_metafields'}
            >
              {looked ? 'Save' : 'See what saving does'}
            </Button>
          </InlineStack>
        </BlockStack>
      </Form>
    </Card>
  );
}

function effectWords({ changed, emptied, reading, customers }: PicksEffectShown): string {
  if (!changed) return 'Nothing changes.';
  const parts = [
    ...(reading === 'in_background'
      ? [`${countOf(customers, 'customer')} will be read again in the background.`]
      : reading === 'with_first_import'
        ? ['They will be read with the first import.']
        : []),
    ...(emptied > 0
      ? [
          `What is kept of ${countOf(emptied, 'customer')} will be deleted at once, and their segments worked out anew.`,
        ]
      : []),
  ];
  return parts.length > 0 ? parts.join(' ') : 'Nothing is kept yet, so nothing is deleted.';
}

const typeName = (type: string) => type.replaceAll('_', ' ').replace(' field', '');

function useBusy(intent: string): boolean {
  const { formData, state } = useNavigation();
  return state !== 'idle' && formData?.get('intent') === intent;
}
