import { Text } from '@shopify/polaris';
import { formatCount } from './format.ts';

export interface ReviewedSegment {
  key: string;
  name: string;
  tag: string;
  size: number;
  gains: number;
  loses: number;
}

/** Who gains and who loses, segment by segment, with the sums where there are several. */
export function ReviewTable({
  segments,
  showGains,
}: {
  segments: readonly ReviewedSegment[];
  showGains: boolean;
}) {
  const sum = (of: (segment: ReviewedSegment) => number) =>
    formatCount(segments.reduce((total, segment) => total + of(segment), 0));
  return (
    <div className="rg-review">
      <table>
        <caption className="rg-hidden">Who gains and loses which tag</caption>
        <thead>
          <tr>
            <th scope="col">Segment</th>
            <th scope="col">Size</th>
            {showGains ? <th scope="col">Gain the tag</th> : null}
            <th scope="col">Lose the tag</th>
          </tr>
        </thead>
        <tbody>
          {segments.map((segment) => (
            <tr key={segment.key}>
              <th scope="row">
                {segment.name}
                <Text as="p" tone="subdued" variant="bodySm">
                  <code className="rg-tag">{segment.tag}</code>
                </Text>
              </th>
              <td>{formatCount(segment.size)}</td>
              {showGains ? <td>{signed('+', segment.gains)}</td> : null}
              <td>{signed('−', segment.loses)}</td>
            </tr>
          ))}
        </tbody>
        {segments.length > 1 ? (
          <tfoot>
            <tr>
              <th scope="row">In all</th>
              <td />
              {showGains ? <td>{sum((segment) => segment.gains)}</td> : null}
              <td>{sum((segment) => segment.loses)}</td>
            </tr>
          </tfoot>
        ) : null}
      </table>
    </div>
  );
}

const signed = (sign: string, count: number) => (count === 0 ? '0' : `${sign}${formatCount(count)}`);
