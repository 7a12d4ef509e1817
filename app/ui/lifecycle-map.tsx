/**
 * The life-cycle map: a table (value down, rhythm across) whose cells are links to their segments. Shade says
 * the same as the number, so nothing is told by colour alone.
 */
import { Link } from '@remix-run/react';
import type { CSSProperties } from 'react';
import { formatCount, formatShare } from './format.ts';
import { OUTSIDE, RHYTHMS, rhythmRanges, VALUES } from './lifecycle-grid.ts';

export interface LifecycleGroup {
  key: string;
  name: string;
  /** Null when its rule cannot be read. */
  size: number | null;
}

export interface LifecycleMapProps {
  groups: readonly LifecycleGroup[];
  /** Upper bounds in days of active, slowing and away. */
  rhythmDays: readonly number[];
}

export function LifecycleMap({ groups, rhythmDays }: LifecycleMapProps) {
  const byKey = new Map(groups.map((group) => [group.key, group]));
  const total = groups.reduce((sum, group) => sum + (group.size ?? 0), 0);
  const cells = VALUES.flatMap((row) => row.keys.map((key) => byKey.get(key)?.size ?? 0));
  const largest = Math.max(1, ...cells);
  const ranges = rhythmRanges(rhythmDays);

  return (
    <div className="rg-map">
      <table aria-describedby="rg-map-help">
        <caption className="rg-hidden">Life-cycle map: customers by value and rhythm</caption>
        <thead>
          <tr>
            <td />
            {RHYTHMS.map((rhythm, at) => (
              <th key={rhythm} scope="col">
                {rhythm}
                <span className="rg-map-help">{ranges[at]}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {VALUES.map((row) => (
            <tr key={row.name}>
              <th scope="row">
                {row.name}
                {row.help ? <span className="rg-map-help">{row.help}</span> : null}
              </th>
              {row.keys.map((key) => (
                <td key={key}>
                  <GroupLink group={byKey.get(key)} groupKey={key} total={total} largest={largest} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <ul className="rg-map-outside" aria-label="Customers without a counted order">
        {OUTSIDE.map((key) => (
          <li key={key}>
            <GroupLink group={byKey.get(key)} groupKey={key} total={total} largest={0} />
          </li>
        ))}
      </ul>
      <p id="rg-map-help" className="rg-map-help">
        {`Days since the last order was placed. Each of your ${formatCount(total)} customers is in exactly one group.`}
      </p>
    </div>
  );
}

function GroupLink({
  group,
  groupKey,
  total,
  largest,
}: {
  group: LifecycleGroup | undefined;
  groupKey: string;
  total: number;
  /** Size of the fullest cell; 0 for groups that are not shaded. */
  largest: number;
}) {
  const size = group?.size ?? 0;
  const share = largest > 0 ? Math.sqrt(size / largest) : 0;
  return (
    <Link
      to={`/app/segments/${groupKey}`}
      className="rg-map-cell"
      style={{ '--rg-shade': `${Math.round(share * 45)}%` } as CSSProperties}
    >
      <span className="rg-map-count">{formatCount(size)}</span>
      <span className="rg-map-name">{group?.name ?? groupKey}</span>
      <span className="rg-map-share">{formatShare(size, total)}</span>
    </Link>
  );
}
