/** Today's members as a list of its own. */
import { Form } from '@remix-run/react';
import { BlockStack, Button, Card, FormLayout, InlineStack, TextField } from '@shopify/polaris';
import { useState } from 'react';
import { NAME_LIMITS, keyFromName } from '../../../segments/segment-names.ts';
import { CardHead } from '../../card-head.tsx';
import type { RefusedSetting } from './refused-setting.ts';

export function FreezeSection({
  name,
  today,
  tagPrefix,
  refused,
  busy,
}: {
  name: string;
  today: string;
  tagPrefix: string;
  refused: RefusedSetting | undefined;
  busy: boolean;
}) {
  const mine = refused?.intent === 'freeze' ? refused : undefined;
  const [listName, setListName] = useState(mine?.given['name'] ?? `${name} on ${today}`);
  const [typedTag, setTypedTag] = useState<string | null>(mine?.given['tag'] ?? null);
  const [day, setDay] = useState(mine?.given['freezeDay'] ?? '');
  return (
    <Card>
      <Form method="post">
        <input type="hidden" name="intent" value="freeze" />
        <BlockStack gap="300">
          <CardHead title="Freeze today’s members">
            A list of its own, as a draft: whoever is in now stays in it, whatever they do.
          </CardHead>
          <FormLayout>
            <TextField
              label="Name of the list"
              name="name"
              autoComplete="off"
              maxLength={NAME_LIMITS.name}
              value={listName}
              onChange={setListName}
              error={mine?.errors.name}
            />
            <FormLayout.Group>
              <TextField
                label="Tag of the list"
                name="tag"
                autoComplete="off"
                prefix={tagPrefix}
                value={typedTag ?? keyFromName(listName)}
                onChange={setTypedTag}
                error={mine?.errors.tag}
              />
              <TextField
                label="Last day (optional)"
                name="freezeDay"
                type="date"
                autoComplete="off"
                value={day}
                onChange={setDay}
                error={mine?.errors.freezeDay}
              />
            </FormLayout.Group>
          </FormLayout>
          <InlineStack>
            <Button submit loading={busy}>
              Freeze as a list
            </Button>
          </InlineStack>
        </BlockStack>
      </Form>
    </Card>
  );
}
