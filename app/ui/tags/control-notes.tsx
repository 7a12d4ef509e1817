/** In a review: which of the segments keep a control group, whose people do not get what is shown as gained. */
import { Banner, List } from '@shopify/polaris';
import { countOf } from '../format.ts';

export interface ControlNote {
  key: string;
  name: string;
  /** "10" */
  share: string;
  gains: number;
}

export function ControlNotes({ notes }: { notes: readonly ControlNote[] }) {
  if (notes.length === 0) return null;
  return (
    <Banner tone="info" title="Some of those who come in get nothing">
      <List>
        {notes.map(({ key, name, share, gains }) => (
          <List.Item key={key}>
            {`“${name}” has a control group: ${share} % of the ${countOf(gains, 'customer')} who come in, drawn by chance, get no tag, no offer and no automation.`}
          </List.Item>
        ))}
      </List>
    </Banner>
  );
}
