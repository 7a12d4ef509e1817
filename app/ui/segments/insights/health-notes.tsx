/** What to look at again, in words, with the way there. */
import { BlockStack, Card, Link, Text } from '@shopify/polaris';
import type { HealthNote, SegmentHealth } from '../../../segments/analysis/health.ts';
import { countOf, formatShare } from '../../format.ts';

export function HealthNotes({ notes }: { notes: readonly SegmentHealth[] }) {
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          What to look at
        </Text>
        {notes.length === 0 ? (
          <Text as="p" tone="subdued">
            Nothing stands out: every segment that is on holds somebody, moves, and is different from the
            others.
          </Text>
        ) : (
          <ul className="rg-notes">
            {notes.map(({ key, name, size, notes: all }) => (
              <li key={key}>
                <Text as="p">
                  <Link url={`/app/segments/${key}`}>{name}</Link> {`(${countOf(size, 'customer')}): `}
                  {all.map(noteWords).join(' ')}
                </Text>
              </li>
            ))}
          </ul>
        )}
      </BlockStack>
    </Card>
  );
}

function noteWords(note: HealthNote): string {
  switch (note.kind) {
    case 'failing':
      return `It is set aside. ${note.why}`;
    case 'empty':
      return 'Nobody is in it.';
    case 'nearly_everyone':
      return `It holds ${formatShare(note.share, 1)} of all customers.`;
    case 'stale':
      return `Nobody came or went for ${countOf(note.days, 'day')}.`;
    case 'contained':
      return `All of them are in ${note.name} too.`;
    case 'same_people':
      return `They are the same people as in ${note.name}.`;
  }
}
