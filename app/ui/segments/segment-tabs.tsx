/** The pages of one segment, as links beside each other. */
import { Link } from '@remix-run/react';

export type SegmentTab = '' | 'people' | 'history' | 'versions' | 'reach' | 'settings';

const TABS: { tab: SegmentTab; label: string }[] = [
  { tab: '', label: 'Overview' },
  { tab: 'people', label: 'People' },
  { tab: 'history', label: 'History' },
  { tab: 'versions', label: 'Versions' },
  { tab: 'reach', label: 'Shopify and Flow' },
  { tab: 'settings', label: 'Settings' },
];

export function SegmentTabs({ segmentKey, current }: { segmentKey: string; current: SegmentTab }) {
  return (
    <nav className="rg-tabs" aria-label="Pages of this segment">
      <ul>
        {TABS.map(({ tab, label }) => (
          <li key={tab}>
            <Link
              to={`/app/segments/${segmentKey}${tab === '' ? '' : `/${tab}`}`}
              aria-current={tab === current ? 'page' : undefined}
            >
              {label}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
