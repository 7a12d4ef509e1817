/** Which products a row asks for: products, variants and collections from Shopify's own picker, the rest by name. */
import { BlockStack, Button, InlineStack, Select, Tag, Text } from '@shopify/polaris';
import { useState } from 'react';
import { KINDS_BY_ID, WHAT_KINDS, type WhatKind } from '../../segments/param.ts';
import { ListInput } from './list-input.tsx';
import { capital } from '../format.ts';

export function WhatInput({
  kind,
  list,
  names,
  label,
  error,
  onChange,
  onNames,
}: {
  kind: WhatKind;
  list: readonly string[];
  /** By "product 123". */
  names: Readonly<Record<string, string>>;
  label: string;
  error: boolean;
  onChange: (kind: WhatKind, list: string[]) => void;
  /** Titles that the picker told. */
  onNames: (names: Record<string, string>) => void;
}) {
  const byId = KINDS_BY_ID.includes(kind);
  return (
    <BlockStack gap="200">
      <Select
        label={`${label}, kind`}
        labelHidden
        options={Object.entries(WHAT_KINDS).map(([value, words]) => ({ value, label: capital(words) }))}
        value={kind}
        onChange={(next) => onChange(next as WhatKind, [])}
      />
      {byId ? (
        <PickedByShopify {...{ kind, list, names, error, onChange, onNames }} />
      ) : (
        <ListInput
          label={label}
          values={list}
          error={error}
          placeholder="Type a name, then press Enter"
          onChange={(values) => onChange(kind, values)}
        />
      )}
    </BlockStack>
  );
}

/** Products, variants or collections from Shopify's own picker. */
export function PickedByShopify({
  kind,
  list,
  names,
  error,
  onChange,
  onNames,
}: Omit<Parameters<typeof WhatInput>[0], 'label'>) {
  const [failed, setFailed] = useState(false);
  const type = kind as 'product' | 'variant' | 'collection';
  const gid = { product: 'Product', variant: 'ProductVariant', collection: 'Collection' }[type];
  const words = WHAT_KINDS[kind];
  const pick = async () => {
    setFailed(false);
    const chosen = await window.shopify?.resourcePicker?.({
      type,
      action: 'select',
      multiple: true,
      selectionIds: list.map((id) => ({ id: `gid://shopify/${gid}/${id}` })),
    });
    if (!chosen) return;
    const told = chosen.map((one) => ({
      id: one.id.split('/').at(-1) ?? '',
      title: one.displayName ?? one.title,
    }));
    onNames(Object.fromEntries(told.map(({ id, title }) => [`${kind} ${id}`, title])));
    onChange(kind, told.map(({ id }) => id)); // prettier-ignore
  };
  return (
    <BlockStack gap="150" inlineAlign="start">
      <Button onClick={() => void pick().catch(() => setFailed(true))} tone={error ? 'critical' : undefined}>
        {list.length === 0 ? `Choose ${words}s` : `Change the ${words}s`}
      </Button>
      {failed ? (
        <Text as="p" tone="critical">
          Shopify’s picker did not open. Load the page again.
        </Text>
      ) : null}
      {list.length > 0 ? (
        <InlineStack gap="100">
          {list.map((id) => (
            <Tag
              key={id}
              onRemove={() =>
                onChange(
                  kind,
                  list.filter((one) => one !== id),
                )
              }
            >
              {names[`${kind} ${id}`] ?? `${capital(words)} ${id}`}
            </Tag>
          ))}
        </InlineStack>
      ) : null}
    </BlockStack>
  );
}
