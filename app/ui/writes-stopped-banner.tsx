import { Banner } from '@shopify/polaris';

/** That nothing is written, and the way to let it go on. */
export function WritesStoppedBanner() {
  return (
    <Banner
      tone="warning"
      title="Nothing is written to your store"
      action={{ content: 'Go on', url: '/app/writes' }}
    >
      <p>Writing tags was stopped. Segments are still kept up to date here.</p>
    </Banner>
  );
}
