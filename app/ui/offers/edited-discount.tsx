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
  const accept = (content: string) => ({ content, url: `${url}?step=accept` });
  switch (what) {
    case 'deleted':
      return serves > 0 ? (
        <DeletedAppDiscount serves={serves} url={url} />
      ) : (
        <AskToRepair
          title="Somebody deleted the discount in Shopify"
          url={url}
          accept={accept('Accept and end the offer')}
        />
      );
    case 'segment':
      return (
        <AskToRepair
          title="Somebody changed or deleted the Shopify segment that limits the discount"
          url={url}
        />
      );
    case 'edited':
      return (
        <AskToRepair
          title={`Somebody changed the discount in Shopify: ${says ?? ''}`}
          url={url}
          accept={accept('Accept')}
        />
      );
  }
}

function AskToRepair({
  title,
  url,
  accept,
}: {
  title: string;
  url: string;
  accept?: { content: string; url: string };
}) {
  return (
    <Banner
      tone="warning"
      title={title}
      action={{ content: 'Repair', url: `${url}?step=repair` }}
      secondaryAction={accept}
    >
      <p>Nothing is undone by itself.</p>
    </Banner>
  );
}

/** Nobody gets any of the offers, so there is nothing to accept and nothing to ask: it is made again as it was. */
function DeletedAppDiscount({ serves, url }: Pick<EditedDiscountProps, 'serves' | 'url'>) {
  const busy = useNavigation().formMethod === 'POST';
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
