/** Arranging a set: segments by priority, or the steps of tiers, the highest first. */
import {
  BlockStack,
  Button,
  ButtonGroup,
  Card,
  FormLayout,
  InlineStack,
  Select,
  TextField,
} from '@shopify/polaris';
import { ArrowDownIcon, ArrowUpIcon, DeleteIcon, PlusIcon } from '@shopify/polaris-icons';
import { fieldOf } from '../../segments/fields.ts';
import { TIER_MEASURES, type SetForm, type SetStep } from '../../segments/parse-set-form.ts';
import { CardHead } from '../card-head.tsx';
import { HoldFields, type HoldChoice } from './settings/hold-fields.tsx';

const NEW = '';

const HOLDS: Record<HoldChoice, string> = {
  none: 'As long as the rule says so',
  months: 'For some months at least',
  end_of_this_year: 'To the end of that year',
  end_of_next_year: 'To the end of the year after',
};

export function SetFields({
  form,
  segments,
  currency,
  onChange,
}: {
  form: SetForm;
  /** That may be in it: rules, in no other set. */
  segments: readonly { key: string; name: string }[];
  currency: string;
  onChange: (form: SetForm) => void;
}) {
  const tiers = form.kind === 'tiers';
  const money = fieldOf(form.measure).type === 'money';
  const set = (name: keyof SetForm) => (value: string) => onChange({ ...form, [name]: value } as SetForm);
  const setStep = (at: number, change: Partial<SetStep>) =>
    onChange({ ...form, steps: form.steps.map((one, i) => (i === at ? { ...one, ...change } : one)) });
  const move = (at: number, by: number) => {
    const steps = [...form.steps];
    const [one] = steps.splice(at, 1);
    if (one) steps.splice(at + by, 0, one);
    onChange({ ...form, steps });
  };
  return (
    <BlockStack gap="400">
      <Card>
        <FormLayout>
          <TextField
            label="Name"
            autoComplete="off"
            maxLength={100}
            value={form.name}
            onChange={set('name')}
            helpText={tiers ? 'Such as “Loyalty levels”.' : 'Such as “Win-back”.'}
          />
          {tiers ? (
            <FormLayout.Group>
              <Select
                label="Measured by"
                options={TIER_MEASURES.map((value) => ({ value, label: measureName(value) }))}
                value={form.measure}
                onChange={set('measure')}
              />
              {form.measure.endsWith('_in') ? (
                <TextField
                  label="Over the last"
                  suffix="days"
                  inputMode="numeric"
                  autoComplete="off"
                  value={form.lastDays}
                  onChange={set('lastDays')}
                />
              ) : null}
              <TextField
                label="Count an order only after"
                suffix="days"
                inputMode="numeric"
                autoComplete="off"
                placeholder="0"
                value={form.countAfterDays}
                onChange={set('countAfterDays')}
              />
            </FormLayout.Group>
          ) : null}
          {tiers ? (
            <FormLayout.Group>
              <HoldFields
                label="Who has reached a step keeps it"
                choices={HOLDS}
                form={form}
                onChange={set}
              />
            </FormLayout.Group>
          ) : null}
        </FormLayout>
      </Card>
      <Card>
        <BlockStack gap="300">
          <CardHead title={tiers ? 'Steps, the highest first' : 'Segments, by priority'}>
            A customer is in one of them at most: the first that holds.
          </CardHead>
          <ol className="rg-steps-list">
            {form.steps.map((step, at) => (
              <li key={at}>
                <div className="rg-step-fields" data-tiers={tiers}>
                  <Select
                    label={`${at + 1}. segment`}
                    labelHidden
                    options={[
                      ...(tiers
                        ? [{ value: NEW, label: 'A new segment' }]
                        : [{ value: NEW, label: 'Choose' }]),
                      ...segments
                        .filter(({ key }) => key === step.key || !form.steps.some((one) => one.key === key))
                        .map(({ key, name }) => ({ value: key, label: name })),
                    ]}
                    value={step.key}
                    onChange={(key) => setStep(at, { key, name: nameOf(segments, key) })}
                  />
                  {tiers && step.key === NEW ? (
                    <TextField
                      label={`${at + 1}. name`}
                      labelHidden
                      placeholder="Name, such as Gold"
                      autoComplete="off"
                      value={step.name}
                      onChange={(name) => setStep(at, { name })}
                    />
                  ) : null}
                  {tiers ? (
                    <>
                      <TextField
                        label={`To get into step ${at + 1}`}
                        labelHidden
                        placeholder="To get in"
                        prefix={money ? currency : undefined}
                        inputMode="decimal"
                        autoComplete="off"
                        value={step.enter}
                        onChange={(enter) => setStep(at, { enter })}
                      />
                      <TextField
                        label={`To stay in step ${at + 1}`}
                        labelHidden
                        placeholder="To stay"
                        prefix={money ? currency : undefined}
                        inputMode="decimal"
                        autoComplete="off"
                        value={step.keep}
                        onChange={(keep) => setStep(at, { keep })}
                      />
                    </>
                  ) : null}
                </div>
                <ButtonGroup>
                  <Button
                    icon={ArrowUpIcon}
                    variant="tertiary"
                    disabled={at === 0}
                    accessibilityLabel={`Move ${at + 1} up`}
                    onClick={() => move(at, -1)}
                  />
                  <Button
                    icon={ArrowDownIcon}
                    variant="tertiary"
                    disabled={at === form.steps.length - 1}
                    accessibilityLabel={`Move ${at + 1} down`}
                    onClick={() => move(at, 1)}
                  />
                  <Button
                    icon={DeleteIcon}
                    variant="tertiary"
                    accessibilityLabel={`Take ${at + 1} out`}
                    onClick={() => onChange({ ...form, steps: form.steps.filter((_, i) => i !== at) })}
                  />
                </ButtonGroup>
              </li>
            ))}
          </ol>
          <InlineStack>
            <Button
              icon={PlusIcon}
              onClick={() =>
                onChange({ ...form, steps: [...form.steps, { key: '', name: '', enter: '', keep: '' }] })
              }
            >
              {tiers ? 'Add a step' : 'Add a segment'}
            </Button>
          </InlineStack>
        </BlockStack>
      </Card>
    </BlockStack>
  );
}

const nameOf = (segments: readonly { key: string; name: string }[], key: string) =>
  segments.find((one) => one.key === key)?.name ?? '';

function measureName(measure: (typeof TIER_MEASURES)[number]): string {
  const { label, short } = fieldOf(measure);
  const words = measure.endsWith('_in') ? `${short ?? label} in the last days` : `${label}, all time`;
  return words.charAt(0).toUpperCase() + words.slice(1);
}
