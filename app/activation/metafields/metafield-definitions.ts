/**
 * The customer metafields of ours, in the app's own namespace. They are defined when the merchant switches them on and
 * removed with their values when they are switched off (docs/decisions/0012-metafield-definitions.md).
 */
export const METAFIELD_NAMESPACE = '$app';

export const METAFIELDS = {
  segments: {
    type: 'list.single_line_text_field',
    name: 'Segments',
    description: 'The names of the segments that the customer is in',
  },
  life_cycle: {
    type: 'single_line_text_field',
    name: 'Life-cycle',
    description: 'The group of the life-cycle map',
  },
  spent: { type: 'money', name: 'Spent', description: 'Spent so far, after refunds' },
  predicted_value: {
    type: 'money',
    name: 'Predicted value',
    description: 'What the customer is expected to spend in the next 12 months',
  },
  chance: {
    type: 'number_decimal',
    name: 'Still a customer (chance)',
    description: 'From 0 to 1: how likely the customer has not left for good',
  },
  tier: { type: 'single_line_text_field', name: 'Tier', description: 'The tier that the customer is in' },
  tier_hold: {
    type: 'date',
    name: 'Tier kept until',
    description: 'The last day on which the tier is kept whatever happens',
  },
} as const;

export type MetafieldKey = keyof typeof METAFIELDS;
export const METAFIELD_KEYS = Object.keys(METAFIELDS) as MetafieldKey[];
