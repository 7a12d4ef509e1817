/** The switches of what counts as an order. */
import { BlockStack, Card, Checkbox, ChoiceList, InlineError, Select, Text } from '@shopify/polaris';
import { useState, type ReactNode } from 'react';
import type { OrderPolicy } from '../../history/order-policy.ts';
import type { PolicyFaults } from '../../segments/policy-faults.ts';
import { ListInput } from '../segments/list-input.tsx';
import { PickedByShopify } from '../segments/what-input.tsx';

interface Props {
  policy: OrderPolicy;
  faults: PolicyFaults;
  onChange: (policy: OrderPolicy) => void;
}

export function AmountField({ policy, onChange, children }: Props & { children: ReactNode }) {
  return (
    <Section title="What an order is worth">
      <ChoiceList
        title="Amounts"
        titleHidden
        choices={[
          { value: 'total', label: 'All that was paid, with tax and shipping' },
          { value: 'products', label: 'Products only, without tax and shipping' },
        ]}
        selected={[policy.amounts]}
        onChange={([amounts]) => onChange({ ...policy, amounts: amounts as OrderPolicy['amounts'] })}
      />
      {children}
    </Section>
  );
}

export function CompanyFields({ policy, onChange }: Props) {
  return (
    <Section title="Companies">
      <Checkbox
        label="Count orders of companies"
        helpText="Shopify’s B2B orders. They are left out unless you say so."
        checked={policy.companyOrders === 'count'}
        onChange={(on) => onChange({ ...policy, companyOrders: on ? 'count' : 'leave_out' })}
      />
      <Checkbox
        label="Leave out people who buy for a company"
        helpText="Also with what they buy for themselves: who has ever placed an order of a company."
        checked={policy.companyBuyers === 'leave_out'}
        onChange={(on) => onChange({ ...policy, companyBuyers: on ? 'leave_out' : 'count' })}
      />
    </Section>
  );
}

export function PeopleFields({ policy, faults, onChange, children }: Props & { children: ReactNode }) {
  return (
    <Section title="People who are left out">
      <Listed
        title="With one of these customer tags"
        label="Customer tags"
        values={policy.leaveOutCustomerTags}
        fault={faults.leaveOutCustomerTags}
        onChange={(leaveOutCustomerTags) => onChange({ ...policy, leaveOutCustomerTags })}
      />
      {children}
    </Section>
  );
}

export function OrderFields({
  policy,
  faults,
  onChange,
  channels,
  names,
}: Props & {
  /** The store's own; null when there are too many orders to look through. */
  channels: readonly string[] | null;
  names: Readonly<Record<string, string>>;
}) {
  const [told, setTold] = useState(names);
  return (
    <Section title="Orders that are left out">
      <Listed
        title="With one of these order tags"
        label="Order tags"
        values={policy.leaveOutOrderTags}
        fault={faults.leaveOutOrderTags}
        onChange={(leaveOutOrderTags) => onChange({ ...policy, leaveOutOrderTags })}
      />
      <Channels {...{ policy, faults, onChange, channels }} />
      <BlockStack gap="150">
        <Text as="h3" variant="headingSm">
          With one of these products
        </Text>
        <PickedByShopify
          kind="product"
          list={policy.leaveOutProducts}
          names={told}
          error={faults.leaveOutProducts !== undefined}
          onNames={(more) => setTold({ ...told, ...more })}
          onChange={(_kind, leaveOutProducts) => onChange({ ...policy, leaveOutProducts })}
        />
        <Fault id="leaveOutProducts" message={faults.leaveOutProducts} />
        {policy.leaveOutProducts.length > 0 ? (
          <Select
            label="Which orders"
            options={[
              { value: 'any', label: 'Every order that holds one of them' },
              { value: 'only', label: 'Only orders that hold nothing else' },
            ]}
            value={policy.productOrders}
            onChange={(value) =>
              onChange({ ...policy, productOrders: value as OrderPolicy['productOrders'] })
            }
          />
        ) : null}
      </BlockStack>
    </Section>
  );
}

function Channels({ policy, faults, onChange, channels }: Props & { channels: readonly string[] | null }) {
  const chosen = policy.leaveOutChannels;
  const title = 'From one of these channels';
  if (channels === null) {
    return (
      <Listed
        title={title}
        label="Channels"
        values={chosen}
        fault={faults.leaveOutChannels}
        onChange={(leaveOutChannels) => onChange({ ...policy, leaveOutChannels })}
      />
    );
  }
  const known = [...new Set([...channels, ...chosen.map((one) => one.toLowerCase())])].sort();
  if (known.length === 0) return null;
  return (
    <ChoiceList
      allowMultiple
      title={title}
      choices={known.map((value) => ({ value, label: CHANNELS[value] ?? value }))}
      selected={chosen.map((one) => one.toLowerCase())}
      onChange={(leaveOutChannels) => onChange({ ...policy, leaveOutChannels })}
      error={faults.leaveOutChannels}
    />
  );
}

/** Shopify's source names that need words. */
const CHANNELS: Readonly<Record<string, string>> = {
  web: 'Online store',
  pos: 'Point of sale',
  shopify_draft_order: 'Draft orders',
  subscription_contract: 'Subscription renewals',
  android: 'Shopify app on Android',
  iphone: 'Shopify app on iPhone',
};

function Listed({
  title,
  label,
  values,
  fault,
  onChange,
}: {
  title: string;
  label: string;
  values: readonly string[];
  fault: string | undefined;
  onChange: (values: string[]) => void;
}) {
  return (
    <BlockStack gap="150">
      <Text as="h3" variant="headingSm">
        {title}
      </Text>
      <ListInput label={label} values={values} error={fault !== undefined} onChange={onChange} />
      <Fault id={label} message={fault} />
    </BlockStack>
  );
}

function Fault({ id, message }: { id: string; message: string | undefined }) {
  return message ? <InlineError message={message} fieldID={id} /> : null;
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Card>
      <BlockStack gap="400">
        <Text as="h2" variant="headingMd">
          {title}
        </Text>
        {children}
      </BlockStack>
    </Card>
  );
}
