import { Banner, List } from '@shopify/polaris';
import type { UnavailableSegment } from '../../segments/read-unavailable.server.ts';

/** What cannot be turned on, because the store cannot supply what it asks for. */
export function UnavailableBanner({ segments }: { segments: readonly UnavailableSegment[] }) {
  if (segments.length === 0) return null;
  return (
    <Banner tone="warning" title="This cannot be turned on now">
      <List>
        {segments.map(({ key, name, missing }) => (
          <List.Item key={key}>
            {name === ''
              ? missing.join(' ')
              : `${name} asks for what your store cannot supply: ${missing.join(' ')}`}
          </List.Item>
        ))}
      </List>
    </Banner>
  );
}
