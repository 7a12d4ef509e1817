/** What waits for a person, in the words that a workflow of Flow passes on. Pure. */
export const MATTERS = [
  'held',
  'failing',
  'damage',
  'limit',
  'import',
  'stuck',
  'scopes',
  'bulk_queries',
  'bulk_mutations',
  'customer_data',
  'discount_refused',
  'discount_changed',
  'offer_currency',
  'native',
  'metafields',
] as const;
export type MatterKind = (typeof MATTERS)[number];

/** An import of a million customers takes less. */
export const STUCK_AFTER_HOURS = 12;

export interface MatterWords {
  subject: string;
  message: string;
}

/** @param about.name of what it is about; about.n: a number of customers or tags */
export function attentionWords(kind: MatterKind, { name, n }: { name: string; n: number }): MatterWords {
  const people = n === 1 ? '1 customer' : `${n} customers`;
  switch (kind) {
    case 'held':
      return {
        subject: 'A change waits for you',
        message: `A change that nobody approved would write tags for ${people}. Open Regulars to release or discard it.`,
      };
    case 'failing':
      return {
        subject: `The segment “${name}” cannot be worked out`,
        message: 'Its members and tags stay as they are. Open the segment in Regulars to see why.',
      };
    case 'damage':
      return {
        subject: 'Many tags were removed',
        message:
          'Somebody else removed many tags of Regulars at once. Nothing was added again and nothing was accepted. Open Regulars to put them back or to leave them off.',
      };
    case 'limit':
      return {
        subject: 'The limit of tag writes a day was reached',
        message: `No more than ${n} tags are written today; the others follow tomorrow. The limit is in Settings.`,
      };
    case 'import':
      return {
        subject: 'The import failed',
        message: 'Customers and orders could not be read completely. Open Regulars to start it again.',
      };
    case 'stuck':
      return {
        subject: 'The import has come to a stop',
        message: `It has been running for more than ${STUCK_AFTER_HOURS} hours. Open Regulars to see how far it is.`,
      };
    case 'scopes':
      return {
        subject: 'Regulars lacks permissions of your store',
        message: `Without ${name} it cannot keep the store up to date. Open Regulars in Shopify’s admin to grant them again.`,
      };
    case 'bulk_queries':
    case 'bulk_mutations':
      return {
        subject: 'Shopify does not let Regulars use bulk operations',
        message: 'Reading and writing many customers takes longer. Home says what to do about it.',
      };
    case 'customer_data':
      return {
        subject: 'Shopify shows Regulars no customers and no orders',
        message: 'What was read before stays as it is. Home says what to do about it.',
      };
    case 'discount_refused':
      return {
        subject: `The discount “${name}” is not as it should be`,
        message: 'Shopify refused it. Open its offer in Regulars to see why.',
      };
    case 'discount_changed':
      return {
        subject: `Somebody changed the discount “${name}”`,
        message: 'It is one of Regulars. Open its offer in Regulars to repair it or to accept the change.',
      };
    case 'offer_currency':
      return {
        subject: `The offer “${name}” is paused: your store has another currency`,
        message:
          'Its amounts were given in the currency of before. Open the offer in Regulars, give them anew and let it go on, or end it.',
      };
    case 'native':
      return {
        subject: `The segment “${name}” in Shopify is not as it should be`,
        message: 'Open the segment in Regulars, “Shopify and Flow”, to see why.',
      };
    case 'metafields':
      return {
        subject: 'Customer metafields cannot be written',
        message: 'Open “Use it”, “Shopify and Flow” in Regulars to see why.',
      };
  }
}
