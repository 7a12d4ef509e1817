import { Banner } from '@shopify/polaris';
import { countOf } from '../format.ts';

/** What it means that no segment is on. */
export function AllDrafts({ drafts }: { drafts: number }) {
  return (
    <Banner
      tone="info"
      title="Nothing is written to your store yet"
      action={{ content: 'Look at the segments', url: '/app/segments' }}
    >
      <p>
        All {countOf(drafts, 'segment')} are drafts with live counts. You see who gains and loses which tag
        before you turn one on.
      </p>
    </Banner>
  );
}
