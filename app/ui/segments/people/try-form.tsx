import { Form, useNavigation } from '@remix-run/react';
import { BlockStack, Button, Card, InlineStack } from '@shopify/polaris';
import { useState } from 'react';
import { CardHead } from '../../card-head.tsx';
import { CustomerSearch, type FoundCustomer } from '../customer-search.tsx';

/** The few customers that a draft is tried on. */
export function TryForm({ most }: { most: number }) {
  const [chosen, setChosen] = useState<FoundCustomer[]>([]);
  const { state, formData } = useNavigation();
  return (
    <Card>
      <Form method="post">
        <input type="hidden" name="intent" value="try" />
        <BlockStack gap="300">
          <CardHead title={`Try it on up to ${most} customers`}>
            Those of them for whom the rule holds get the tag; nobody else does. So you see what your own
            automations make of it.
          </CardHead>
          <CustomerSearch label="Customers to try it on" chosen={chosen} onChange={setChosen} most={most} />
          <InlineStack>
            <Button
              submit
              disabled={chosen.length === 0}
              loading={state !== 'idle' && formData?.get('intent') === 'try'}
            >
              Try it
            </Button>
          </InlineStack>
        </BlockStack>
      </Form>
    </Card>
  );
}
