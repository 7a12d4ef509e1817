/** The frame of all pages of one segment: name, status, tabs, and what was just done. */
import { BlockStack, Page, type PageProps } from '@shopify/polaris';
import type { ReactNode } from 'react';
import type { SegmentHead } from '../../segments/read-segment-head.server.ts';
import { SegmentStatusBadge } from '../segment-status-badge.tsx';
import { NoticeBanner } from './notice-banner.tsx';
import { SegmentTabs, type SegmentTab } from './segment-tabs.tsx';

export function SegmentPage({
  head,
  tab,
  children,
  ...page
}: Pick<PageProps, 'primaryAction' | 'secondaryActions'> & {
  head: Pick<SegmentHead, 'key' | 'name' | 'status'>;
  tab: SegmentTab;
  children: ReactNode;
}) {
  return (
    <Page
      {...page}
      title={head.name}
      titleMetadata={<SegmentStatusBadge status={head.status} />}
      backAction={{ content: 'Segments', url: '/app/segments' }}
    >
      <BlockStack gap="400">
        <SegmentTabs segmentKey={head.key} current={tab} />
        <NoticeBanner />
        {children}
      </BlockStack>
    </Page>
  );
}
