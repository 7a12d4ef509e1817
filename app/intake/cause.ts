/**
 * Why a membership changed. Live causes are single events in the store's life; mass causes are changes of
 * ours or the merchant's that move many people at once; manual is a merchant's word about one person.
 */
export const LIVE_CAUSES = ['order', 'refund', 'edit', 'merge', 'consent', 'product', 'clock'] as const;
export const MASS_CAUSES = ['activation', 'rule', 'policy', 'timezone', 'import', 'refit', 'undo'] as const;

export type LiveCause = (typeof LIVE_CAUSES)[number];
export type MassCause = (typeof MASS_CAUSES)[number];
export type Cause = LiveCause | MassCause | 'manual';
