/** What merchants look for and rules cannot ask, with the reason: said in the docs and where a field is chosen. */
export interface NotAField {
  label: string;
  /** In a sentence or two, with what can be asked instead. */
  why: string;
}

export const NOT_FIELDS: readonly NotAField[] = [
  {
    label: 'market',
    why: 'Not available: an order of Shopify names no market, and that of a customer is no longer supported and needs access to all your markets. Ask for the country instead.',
  },
];

/** Those that somebody looks for who types this. */
export function notFieldsFor(typed: string): NotAField[] {
  const text = typed.trim().toLowerCase().replace(/s$/, '');
  return text.length < 3 ? [] : NOT_FIELDS.filter(({ label }) => label.startsWith(text));
}
