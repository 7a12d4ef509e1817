import { Link, Text } from '@shopify/polaris';
import { causeWords } from './cause-words.ts';
import { formatInstant } from './format.ts';

export interface HistoryEntry {
  id: string;
  segmentKey: string;
  segmentName: string;
  kind: 'entered' | 'left';
  at: Date;
  cause: string;
}

/** Entered and left, newest first, each with its cause in words. */
export function HistoryList({
  history,
  timeZone,
  limit,
}: {
  history: readonly HistoryEntry[];
  timeZone: string;
  limit: number;
}) {
  if (history.length === 0) {
    return (
      <Text as="p" tone="subdued">
        Nothing yet. Entries appear once segments are live.
      </Text>
    );
  }
  return (
    <>
      <ol className="rg-history">
        {history.map((entry) => (
          <li key={entry.id}>
            <time dateTime={new Date(entry.at).toISOString()}>{formatInstant(entry.at, timeZone)}</time>
            <span>
              {entry.kind === 'entered' ? 'Entered ' : 'Left '}
              <Link url={`/app/segments/${entry.segmentKey}`}>{entry.segmentName}</Link>
              <Text as="span" tone="subdued">{` because of: ${causeWords(entry.cause)}`}</Text>
            </span>
          </li>
        ))}
      </ol>
      {history.length >= limit ? (
        <Text as="p" tone="subdued" variant="bodySm">{`The last ${limit} changes are shown.`}</Text>
      ) : null}
    </>
  );
}
