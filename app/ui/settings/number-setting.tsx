/** A setting that is one whole number: what it does, the field with its unit, and Save once it says something else. */
import { Form, useNavigation } from '@remix-run/react';
import { BlockStack, Button, Card, InlineStack, TextField } from '@shopify/polaris';
import { useState } from 'react';
import { CardHead } from '../card-head.tsx';

export interface NumberSettingProps {
  /** What the form asks for, and the name of its field. */
  intent: string;
  name: string;
  title: string;
  /** What it does, in a sentence or two. */
  about: string;
  label: string;
  unit: string;
  /** What a special number means. */
  help: string;
  stored: number;
  error?: string;
  /** What was typed when it was refused. */
  given?: string;
}

export function NumberSetting(props: NumberSettingProps) {
  const { intent, name, title, about, label, unit, help, stored, error, given } = props;
  const [typed, setTyped] = useState(given ?? String(stored));
  const { formData, state } = useNavigation();
  return (
    <Card>
      <Form method="post">
        <input type="hidden" name="intent" value={intent} />
        <BlockStack gap="300">
          <CardHead title={title}>{about}</CardHead>
          <div className="rg-narrow">
            <TextField
              label={label}
              name={name}
              inputMode="numeric"
              suffix={unit}
              autoComplete="off"
              value={typed}
              onChange={setTyped}
              error={error}
              helpText={help}
            />
          </div>
          <InlineStack>
            <Button
              submit
              variant="primary"
              disabled={typed.trim() === String(stored)}
              loading={state !== 'idle' && formData?.get('intent') === intent}
            >
              Save
            </Button>
          </InlineStack>
        </BlockStack>
      </Form>
    </Card>
  );
}
