import { Form, useNavigation } from '@remix-run/react';
import { BlockStack, Button, Card, ChoiceList, InlineStack, Text } from '@shopify/polaris';
import { useState } from 'react';
import { CustomerSearch, type FoundCustomer } from '../customer-search.tsx';

/** Customers who are to be always in, or never. */
export function NameForm() {
  const [chosen, setChosen] = useState<FoundCustomer[]>([]);
  const [list, setList] = useState(['always']);
  const { state, formData } = useNavigation();
  return (
    <Card>
      <Form method="post">
        <input type="hidden" name="intent" value="name" />
        <input type="hidden" name="list" value={list[0]} />
        <BlockStack gap="300">
          <Text as="h2" variant="headingMd">
            Name customers by hand
          </Text>
          <CustomerSearch label="Customers" chosen={chosen} onChange={setChosen} />
          <ChoiceList
            title="They are"
            choices={[
              { label: 'Always in', value: 'always' },
              { label: 'Never in', value: 'never' },
            ]}
            selected={list}
            onChange={setList}
          />
          <InlineStack>
            <Button
              submit
              variant="primary"
              disabled={chosen.length === 0}
              loading={state !== 'idle' && formData?.get('intent') === 'name'}
            >
              Save
            </Button>
          </InlineStack>
        </BlockStack>
      </Form>
    </Card>
  );
}
