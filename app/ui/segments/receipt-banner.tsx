/** What was just done, with its numbers and the way back. */
import { useSearchParams } from '@remix-run/react';
import { Banner } from '@shopify/polaris';
import type { Receipt } from '../../segments/read-receipts.server.ts';
import { countOf } from '../format.ts';

export type ShownReceipt = Pick<
  Receipt,
  'id' | 'act' | 'customersAffected' | 'tagAdditions' | 'tagRemovals' | 'canUndo' | 'undone'
>;

export function ReceiptBanner({ receipt }: { receipt: ShownReceipt | null }) {
  const [query, setQuery] = useSearchParams();
  if (!receipt) return null;
  const dismiss = () => {
    query.delete('receipt');
    setQuery(query, { replace: true });
  };
  return (
    <Banner
      tone="success"
      title={actWords(receipt.act)}
      onDismiss={dismiss}
      action={
        receipt.canUndo
          ? { content: 'Undo', url: `/app/segments/review?act=undo&approval=${receipt.id}` }
          : undefined
      }
    >
      <p>{doneWords(receipt)}</p>
    </Banner>
  );
}

export function doneWords({ customersAffected, tagAdditions, tagRemovals }: ShownReceipt): string {
  if (tagAdditions === 0 && tagRemovals === 0) return 'No tag changes in your store.';
  const parts = [
    ...(tagAdditions > 0 ? [`${countOf(tagAdditions, 'tag')} added`] : []),
    ...(tagRemovals > 0 ? [`${countOf(tagRemovals, 'tag')} removed`] : []),
  ];
  return `${countOf(customersAffected, 'customer')}: ${parts.join(', ')}. Home shows how far the writing is.`;
}

const ACTS: Record<string, string> = {
  turn_on: 'Turned on',
  turn_off: 'Turned off',
  pause: 'Paused',
  resume: 'Going on',
  change: 'Changed',
  return: 'Returned to an earlier version',
  try: 'On for the chosen customers',
  arrange_set: 'Set arranged',
  dissolve_set: 'Set dissolved',
  undo: 'Undone',
  always_in: 'Named as always in',
  never_in: 'Named as never in',
  by_rule: 'Left to the rule again',
  set_control: 'Control group drawn from those who come in',
  end_control: 'Control group ended',
  rename_tags: 'Tags changed',
  finish_rename: 'Old tags removed although something asks for them',
  adopt_tags: 'Tags of the store adopted',
  leave_tags: 'Tags of the store left as they are',
  remove_tags: 'Tags of the store removed',
  leave: 'The store was left',
  leftovers_adopt: 'What an earlier installation left was taken over',
  leftovers_remove: 'What an earlier installation left was removed',
  leftovers_leave: 'What an earlier installation left stays as it is',
};

export function actWords(act: string): string {
  return ACTS[act] ?? act;
}
