import { Badge, InlineStack } from '@shopify/polaris';
import { SegmentStatusBadge, type SegmentStatus } from '../segment-status-badge.tsx';

/** Status, and what else there is to know at a glance. */
export function SegmentBadges({
  segment: { status, waits, trial, list, notes },
}: {
  segment: {
    status: SegmentStatus;
    waits: boolean;
    trial: boolean;
    list: boolean;
    notes: readonly string[];
  };
}) {
  return (
    <InlineStack gap="100">
      <SegmentStatusBadge status={status} />
      {list ? <Badge>List</Badge> : null}
      {trial ? <Badge tone="info">On trial</Badge> : null}
      {waits ? <Badge tone="warning">Waits for approval</Badge> : null}
      {status === 'failing'
        ? null
        : notes.map((words) => (
            <Badge key={words} tone="attention">
              {words}
            </Badge>
          ))}
    </InlineStack>
  );
}
