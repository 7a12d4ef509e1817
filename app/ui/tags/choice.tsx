/** Buttons of one decision: each a form of its own that names its intent. */
import { Form, useNavigation } from '@remix-run/react';
import { Button, ButtonGroup } from '@shopify/polaris';

export function Choice({
  hidden,
  choices,
  about,
}: {
  hidden: Record<string, string>;
  choices: readonly { intent: string; label: string; primary?: boolean }[];
  /** For readers who hear the buttons alone. */
  about?: string;
}) {
  const submitting = useNavigation().formMethod === 'POST';
  return (
    <ButtonGroup>
      {choices.map(({ intent, label, primary }) => (
        <Form method="post" key={intent}>
          <input type="hidden" name="intent" value={intent} />
          {Object.entries(hidden).map(([name, value]) => (
            <input type="hidden" key={name} name={name} value={value} />
          ))}
          <Button
            submit
            variant={primary ? 'primary' : undefined}
            loading={submitting}
            accessibilityLabel={about ? `${label} ${about}` : undefined}
          >
            {label}
          </Button>
        </Form>
      ))}
    </ButtonGroup>
  );
}
