/** The form of an offer: a sentence beside each field that is not right. Plain form fields, so that the server reads what is seen. */
import { Banner, BlockStack, Button, Card, Checkbox, ChoiceList, FormLayout, InlineGrid, Select, Text, TextField } from '@shopify/polaris'; // prettier-ignore
import { useState } from 'react';
import { KIND_WORDS, SEEN_WORDS, WAY_WORDS } from '../../activation/offers/offer-words.ts';
import type { OfferFaults, OfferField, OfferForm } from '../../activation/offers/offer-form.ts';
import type { OfferWay } from '../../activation/offers/terms.ts';
import { WhatInput } from '../segments/what-input.tsx';
import { countOf } from '../format.ts';

export interface OfferFormProps {
  initial: OfferForm;
  faults: OfferFaults;
  currency: string;
  members: number;
  suggestedWay: OfferWay;
  activeAutomatic: number;
  /** It is changed: its first day stays. */
  changing: boolean;
  busy: boolean;
  cancelUrl: string;
}

export function OfferFormView(props: OfferFormProps) {
  const { faults, currency, members, suggestedWay, activeAutomatic, changing, busy, cancelUrl } = props;
  const [form, setForm] = useState<OfferForm>(props.initial);
  const set = (field: OfferField) => (value: string) => setForm((now) => ({ ...now, [field]: value }));
  const error = (field: OfferField) => faults[field];
  const text = (field: OfferField, label: string, more: Record<string, unknown> = {}) => (
    <TextField
      name={field}
      label={label}
      value={form[field]}
      onChange={set(field)}
      error={error(field)}
      autoComplete="off"
      {...more}
    />
  );
  const select = (
    field: OfferField,
    label: string,
    options: { value: string; label: string }[],
    helpText?: string,
  ) => (
    <Select
      name={field}
      label={label}
      options={options}
      value={form[field]}
      onChange={set(field)}
      error={error(field)}
      helpText={helpText}
    />
  );
  const check = (field: OfferField, label: string, helpText?: string) => (
    <>
      <input type="hidden" name={field} value={form[field]} />
      <Checkbox
        label={label}
        checked={form[field] === 'yes'}
        onChange={(on) => set(field)(on ? 'yes' : '')}
        error={error(field)}
        helpText={helpText}
      />
    </>
  );
  const items = (on: 'on' | 'buyOn', list: 'items' | 'buyItems', label: string, all: boolean) => (
    <Items {...{ form, on, list, label, all, set, error }} />
  );
  const count = Object.keys(faults).length;
  return (
    <BlockStack gap="400">
      {count > 0 ? (
        <Banner
          tone="critical"
          title={count === 1 ? 'One field needs a look' : `${count} fields need a look`}
        >
          <ul>
            {Object.entries(faults).map(([field, sentence]) => (
              <li key={field}>{sentence}</li>
            ))}
          </ul>
        </Banner>
      ) : null}
      <Card>
        <FormLayout>
          <Heading>What it gives</Heading>
          {text('name', 'Name', { helpText: 'Customers see it in the cart, with “(Regulars)” after it.' })}
          {select(
            'kind',
            'Offer',
            Object.entries(KIND_WORDS).map(([value, label]) => ({ value, label })),
          )}
          {form.kind === 'percentage'
            ? text('percent', 'Percentage off', { suffix: '%', inputMode: 'decimal' })
            : null}
          {form.kind === 'amount'
            ? text('amount', 'Amount off an order', { suffix: currency, inputMode: 'decimal' })
            : null}
          {form.kind === 'percentage' || form.kind === 'amount' ? items('on', 'items', 'On', true) : null}
          {form.kind === 'buy_x_get_y' ? (
            <>
              {text('buyQuantity', 'Pieces to buy', { type: 'number', min: 1 })}
              {items('buyOn', 'buyItems', 'Bought from', false)}
              {text('getQuantity', 'Pieces to get', { type: 'number', min: 1 })}
              {items('on', 'items', 'Given from', false)}
              {text('getPercent', 'At a discount of', { suffix: '%', helpText: '100 % is free.' })}
            </>
          ) : null}
          {form.kind === 'buy_x_get_y' ? null : (
            <>
              {select('minimumKind', 'Minimum', [
                { value: 'none', label: 'None' },
                { value: 'subtotal', label: 'An amount' },
                { value: 'quantity', label: 'A number of pieces' },
              ])}
              {form.minimumKind === 'none'
                ? null
                : text('minimum', 'At least', form.minimumKind === 'subtotal' ? { suffix: currency } : {})}
            </>
          )}
        </FormLayout>
      </Card>
      <Card>
        <FormLayout>
          <Heading>Who and when</Heading>
          {check(
            'present',
            changing
              ? 'Also for the people who are in it without the offer'
              : `For the ${countOf(members, 'person', 'people')} in it now`,
            'Whoever enters from now on gets it when they enter.',
          )}
          <InlineGrid columns={{ xs: 1, sm: 2 }} gap="300">
            {changing ? (
              <input type="hidden" name="startsOn" value={form.startsOn} />
            ) : (
              text('startsOn', 'First day', { type: 'date' })
            )}
            {text('endsOn', 'Last day', { type: 'date', helpText: 'It can be renewed.' })}
          </InlineGrid>
          {text('keepDays', 'Kept after leaving the segment', {
            suffix: 'days',
            type: 'number',
            min: 0,
            helpText:
              'When a date or other people’s purchases were the cause. Who leaves by something of their own doing loses it at once.',
          })}
          {check('once', 'Once a customer', 'It ends for a customer with the order that used it.')}
        </FormLayout>
      </Card>
      <Card>
        <FormLayout>
          <Heading>How customers get it</Heading>
          {select(
            'way',
            'Way',
            [
              { value: 'auto', label: `Chosen for you: ${WAY_WORDS[suggestedWay].label.toLowerCase()}` },
              ...Object.entries(WAY_WORDS).map(([value, { label }]) => ({ value, label })),
            ],
            `${WAY_WORDS[form.way === 'auto' ? suggestedWay : (form.way as OfferWay)].help} The store has ${countOf(activeAutomatic, 'automatic discount')} now.`,
          )}
          {form.way === 'code' || (form.way === 'auto' && suggestedWay === 'code') ? (
            <>
              {text('code', 'Code')}
              {text('usageLimit', 'Uses in all', { helpText: 'Empty: no limit.' })}
            </>
          ) : null}
          <Text as="p" tone="subdued">
            {SEEN_WORDS}
          </Text>
          <fieldset className="rg-fieldset">
            <legend>May be used together with</legend>
            <BlockStack gap="100">
              {check('combineProduct', 'discounts on products')}
              {check('combineOrder', 'discounts on the order')}
              {form.kind === 'free_shipping' ? (
                <input type="hidden" name="combineShipping" value="" />
              ) : (
                check('combineShipping', 'discounts on shipping')
              )}
            </BlockStack>
          </fieldset>
        </FormLayout>
      </Card>
      <Card>
        <FormLayout>
          <Heading>Bounds</Heading>
          <Text as="p" tone="subdued">
            When a bound is reached new people wait, and whoever has the offer keeps it.
          </Text>
          {text('mostHolders', 'At most so many people', { helpText: 'Empty: no bound.' })}
          {text('mostCost', 'The most it may cost', { suffix: currency, helpText: 'Empty: no bound.' })}
        </FormLayout>
      </Card>
      <Hidden form={form} />
      <InlineGrid columns={{ xs: 1, sm: 'auto auto 1fr' }} gap="200">
        <Button submit variant="primary" loading={busy}>
          Review
        </Button>
        <Button url={cancelUrl} disabled={busy}>
          Cancel
        </Button>
      </InlineGrid>
    </BlockStack>
  );
}

/** Fields that are not shown now keep what was in them. */
function Hidden({ form }: { form: OfferForm }) {
  const shown = new Set<OfferField>(['name', 'kind', 'startsOn', 'endsOn', 'keepDays', 'way', 'present', 'once', 'combineProduct', 'combineOrder', 'combineShipping', 'mostHolders', 'mostCost']); // prettier-ignore
  return (
    <>
      {(Object.keys(form) as OfferField[])
        .filter((field) => !shown.has(field))
        .map((field) => (
          <input key={field} type="hidden" name={`kept-${field}`} value={form[field]} />
        ))}
    </>
  );
}

function Items({
  form,
  on,
  list,
  label,
  all,
  set,
  error,
}: {
  form: OfferForm;
  on: 'on' | 'buyOn';
  list: 'items' | 'buyItems';
  label: string;
  all: boolean;
  set: (field: OfferField) => (value: string) => void;
  error: (field: OfferField) => string | undefined;
}) {
  const [names, setNames] = useState<Record<string, string>>({});
  const ids = form[list].split(/[\s,]+/).filter(Boolean);
  const kind = form[on] === 'collections' ? 'collection' : 'product';
  return (
    <BlockStack gap="200">
      <ChoiceList
        title={label}
        choices={[
          ...(all ? [{ value: 'all', label: 'Everything' }] : []),
          { value: 'collections', label: 'Some collections' },
          { value: 'products', label: 'Some products' },
        ]}
        selected={[form[on]]}
        onChange={([chosen]) => {
          set(on)(chosen ?? 'all');
          set(list)('');
        }}
        error={error(on)}
      />
      <input type="hidden" name={on} value={form[on]} />
      <input type="hidden" name={list} value={form[list]} />
      {form[on] === 'products' || form[on] === 'collections' ? (
        <>
          <WhatInput
            kind={kind}
            list={ids}
            names={names}
            label={label}
            error={error(list) !== undefined}
            onChange={(_kind, chosen) => set(list)(chosen.join(','))}
            onNames={(told) => setNames((now) => ({ ...now, ...told }))}
          />
          {error(list) ? (
            <Text as="p" tone="critical">
              {error(list)}
            </Text>
          ) : null}
        </>
      ) : null}
    </BlockStack>
  );
}

function Heading({ children }: { children: string }) {
  return (
    <Text as="h2" variant="headingMd">
      {children}
    </Text>
  );
}
