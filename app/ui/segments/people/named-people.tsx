import { Form } from '@remix-run/react';
import { BlockStack, Button, Text } from '@shopify/polaris';
import { CardHead } from '../../card-head.tsx';
import { CustomerName } from '../../customer-name.tsx';
import { formatInstant } from '../../format.ts';

/** One list of the people named by hand; whoever is not on trial can be left to the rule again. */
export function NamedPeople({
  title,
  help,
  people,
  timeZone,
}: {
  title: string;
  help: string;
  people: readonly { customerId: string; list: string; at: Date }[];
  timeZone: string;
}) {
  return (
    <BlockStack gap="200">
      <CardHead title={title}>{help}</CardHead>
      {people.length === 0 ? (
        <Text as="p">Nobody.</Text>
      ) : (
        <ul className="rg-found" aria-label={title}>
          {people.map(({ customerId, list, at }) => (
            <li key={customerId}>
              <span>
                <CustomerName id={customerId} link />
                <span className="rg-map-help">{`since ${formatInstant(at, timeZone)}`}</span>
              </span>
              {list === 'trial' ? null : (
                <Form method="post">
                  <input type="hidden" name="intent" value="name" />
                  <input type="hidden" name="list" value="none" />
                  <input type="hidden" name="customer" value={customerId} />
                  <Button submit size="slim" accessibilityLabel={`Leave to the rule: customer ${customerId}`}>
                    Leave to the rule
                  </Button>
                </Form>
              )}
            </li>
          ))}
        </ul>
      )}
    </BlockStack>
  );
}
