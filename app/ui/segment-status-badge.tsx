import { Badge } from '@shopify/polaris';

export type SegmentStatus = 'draft' | 'live' | 'paused' | 'failing';

const BADGES: Record<SegmentStatus, { tone?: 'success' | 'attention' | 'critical'; label: string }> = {
  draft: { label: 'Draft' },
  live: { tone: 'success', label: 'Live' },
  paused: { tone: 'attention', label: 'Paused' },
  failing: { tone: 'critical', label: 'Failing' },
};

export function SegmentStatusBadge({ status }: { status: SegmentStatus }) {
  const { tone, label } = BADGES[status];
  return <Badge tone={tone}>{label}</Badge>;
}
