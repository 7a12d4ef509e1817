/** Somebody else changed or deleted our discount in Shopify: what happened, in a sentence, and what can be done. */
import { Form, useNavigation } from '@remix-run/react';
import { Banner, Button } from '@shopify/polaris';
import { countOf } from '../format.ts';

export interface EditedDiscountProps {
  what: 'deleted' | 'segment' | 'edited';
  /** Of an edited one: the difference. */
  says: string | null;
  /** Offers that the app's discount serves; 0: it is the offer's own. */
  serves: number;
  /** Of the offer's page. */
  url: string;
}

export function EditedDiscount({ what, says, serves, url }: EditedDiscountProps) {
  const busy = useNavigation().formMethod === 'POST';
  const repair = { content: 'Repair', url: `${url}?step=repair` };
  switch (what) {
    case 'deleted':
      if (serves > 0) {
        // Nobody gets any of them, so there is nothing to accept and nothing to ask: it is made again as it was.
        return (
          <Banner
            tone="warning"
            title={`Somebody deleted the app’s discount in Shopify: ${serves === 1 ? 'this offer takes' : `${countOf(serves, 'offer')}, this one too, take`} nothing off until it is repaired.`}
          >
            <Form method="post" action={url}>
              <input type="hidden" name="step" value="repair" />
              <Button submit loading={busy}>
                Repair
              </Button>
            </Form>
          </Banner>
        );
      }
      return (
        <Banner
          tone="warning"
          title="Somebody deleted the discount in Shopify"
          action={repair}
          secondaryAction={{ content: 'Accept and end the offer', url: `${url}?step=accept` }}
        >
          <p>Nothing is undone by itself.</p>
        </Banner>
      );
    case 'segment':
      return (
        <Banner
          tone="warning"
          title="Somebody changed or deleted the Shopify segment that limits the discount"
          action={repair}
        >
          <p>Nothing is undone by itself.</p>
        </Banner>
      );
    case 'edited':
      return (
        <Banner
          tone="warning"
          title={`Somebody changed the discount in Shopify: ${says ?? ''}`}
          action={repair}
          secondaryAction={{ content: 'Accept', url: `${url}?step=accept` }}
        >
          <p>Nothing is undone by itself.</p>
        </Banner>
      );
  }
}
