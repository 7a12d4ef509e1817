/** One row of a rule: what is asked for, how it is compared, with what, over which time. */
import { BlockStack, Button, InlineError, Select, Text, TextField } from '@shopify/polaris';
import { DeleteIcon } from '@shopify/polaris-icons';
import { operatorsOf, type Field } from '../../segments/field.ts';
import { fieldOf } from '../../segments/fields.ts';
import type { EditorData } from '../../segments/read-editor-data.server.ts';
import { FieldPicker } from './field-picker.tsx';
import { operatorWords } from './operator-words.ts';
import { periodsOf, withField, withOperator, type DraftRow, type Period } from './rule-draft.ts';
import { ValueInput } from './value-input.tsx';
import { WhatInput } from './what-input.tsx';

export interface RowContext {
  data: EditorData;
  names: Readonly<Record<string, string>>;
  onNames: (names: Record<string, string>) => void;
}

export function ConditionRow({
  row,
  number,
  faults,
  context,
  onChange,
  onRemove,
}: {
  row: DraftRow;
  /** Its place among all rows, from 1. */
  number: number;
  faults: readonly string[];
  context: RowContext;
  onChange: (row: DraftRow) => void;
  /** null: the only row stays. */
  onRemove: (() => void) | null;
}) {
  const { data } = context;
  const field: Field | null = row.field === '' ? null : fieldOf(row.field);
  const name = `Condition ${number}`;
  const wrong = faults.length > 0;
  const errorId = `fault-${row.id}`;
  const ops = field ? operatorsOf(field) : [];
  return (
    <div
      className="rg-rule-row"
      role="group"
      aria-label={field ? `${name}: ${field.label}` : name}
      aria-describedby={wrong ? errorId : undefined}
      id={`row-${row.id}`}
      data-wrong={wrong}
    >
      <div className="rg-rule-parts">
        <div className="rg-rule-field">
          <FieldPicker
            label={`${name}, what`}
            value={row.field}
            missing={data.missing}
            error={wrong && !field}
            onChange={(key) => onChange(withField(row, key))}
          />
        </div>
        {field?.params && 'what' in field.params ? (
          <div className="rg-rule-value">
            <WhatInput
              label={`${name}, of which`}
              kind={row.whatKind}
              list={row.what}
              names={context.names}
              onNames={context.onNames}
              error={wrong && row.what.length === 0}
              onChange={(whatKind, what) => onChange({ ...row, whatKind, what })}
            />
          </div>
        ) : null}
        {field?.asksForTiers ? (
          <div className="rg-rule-value">
            <Select
              label={`${name}, tiers`}
              labelHidden
              placeholder="Choose tiers"
              options={data.tiers.map((tiers) => ({ value: tiers.key, label: tiers.name }))}
              value={data.tiers.find(({ steps }) => steps.includes(row.segment))?.key ?? ''}
              onChange={(segment) => onChange({ ...row, segment })}
              error={wrong && row.segment === ''}
            />
          </div>
        ) : field?.params && 'segment' in field.params ? (
          <div className="rg-rule-value">
            <Select
              label={`${name}, segment`}
              labelHidden
              placeholder="Choose a segment"
              options={data.segments.map((segment) => ({ value: segment.key, label: segment.name }))}
              value={row.segment}
              onChange={(segment) => onChange({ ...row, segment })}
              error={wrong && row.segment === ''}
            />
          </div>
        ) : null}
        {field?.params && 'metafield' in field.params ? (
          <div className="rg-rule-value">
            <Select
              label={`${name}, metafield`}
              labelHidden
              placeholder="Choose a metafield"
              options={data.metafields.map(({ key }) => ({ value: key, label: key }))}
              value={row.metafield}
              onChange={(metafield) => onChange({ ...row, metafield })}
              error={wrong && row.metafield === ''}
            />
          </div>
        ) : null}
        {field && ops.length > 1 ? (
          <div className="rg-rule-op">
            <Select
              label={`${name}, comparison`}
              labelHidden
              options={ops.map((op) => ({ value: op, label: operatorWords(op, field) }))}
              value={row.op}
              onChange={(op) => onChange(withOperator(row, op as DraftRow['op']))}
            />
          </div>
        ) : null}
        {field ? (
          <div className="rg-rule-value">
            <ValueInput
              row={row}
              field={field}
              currency={data.print.currency}
              label={`${name}, value`}
              error={wrong}
              onChange={(texts) => onChange({ ...row, texts })}
            />
          </div>
        ) : null}
        {field ? <PeriodInput row={row} field={field} name={name} error={wrong} onChange={onChange} /> : null}
      </div>
      <div className="rg-rule-remove">
        <Button
          icon={DeleteIcon}
          variant="tertiary"
          disabled={onRemove === null}
          accessibilityLabel={`Remove ${name.toLowerCase()}`}
          onClick={onRemove ?? undefined}
        />
      </div>
      <div className="rg-rule-notes">
        <BlockStack gap="100">
          {wrong ? (
            <div id={errorId}>
              <InlineError message={faults.join(' ')} fieldID={`row-${row.id}`} />
            </div>
          ) : null}
          {field ? (
            <Text as="p" variant="bodySm" tone="subdued">
              {field.help}
            </Text>
          ) : null}
        </BlockStack>
      </div>
    </div>
  );
}

const PERIODS: Record<Period, string> = {
  all: 'Over all time',
  last: 'In the last … days',
  before: 'More than … days ago',
  ago: 'Between … and … days ago',
  dates: 'Between two dates',
};

function PeriodInput({
  row,
  field,
  name,
  error,
  onChange,
}: {
  row: DraftRow;
  field: Field;
  name: string;
  error: boolean;
  onChange: (row: DraftRow) => void;
}) {
  const periods = periodsOf(field);
  if (periods.length < 2) return null;
  const days = (part: 'lastDays' | 'beforeDays', words: string) => (
    <div className="rg-rule-days">
      <TextField
        label={`${name}, ${words}`}
        labelHidden
        autoComplete="off"
        inputMode="numeric"
        suffix="days"
        value={row[part]}
        error={error && !/^\d+$/.test(row[part].trim())}
        onChange={(text) => onChange({ ...row, [part]: text })}
      />
    </div>
  );
  const date = (part: 'from' | 'to', words: string) => (
    <div className="rg-rule-date">
      <TextField
        label={words}
        labelHidden
        type="date"
        autoComplete="off"
        value={row[part]}
        onChange={(text) => onChange({ ...row, [part]: text })}
      />
    </div>
  );
  return (
    <div className="rg-rule-period">
      <Select
        label={`${name}, over which time`}
        labelHidden
        options={periods.map((value) => ({ value, label: PERIODS[value] }))}
        value={row.period}
        onChange={(period) => onChange({ ...row, period: period as Period })}
      />
      {row.period === 'last' ? days('lastDays', 'in the last days') : null}
      {row.period === 'before' ? days('beforeDays', 'more than days ago') : null}
      {row.period === 'ago' ? (
        <>
          {days('beforeDays', 'more than days ago')}
          {days('lastDays', 'up to days ago')}
        </>
      ) : null}
      {row.period === 'dates' ? (
        <>
          {date('from', `${name}, first day`)}
          {date('to', `${name}, last day`)}
        </>
      ) : null}
    </div>
  );
}
