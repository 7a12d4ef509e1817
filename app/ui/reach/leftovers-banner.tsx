import { Banner } from '@shopify/polaris';

/** @param words "3 tags, 1 segment in Shopify"; empty: there is nothing to decide */
export function LeftoversBanner({ words }: { words: string }) {
  if (words === '') return null;
  return (
    <Banner
      tone="info"
      title="An earlier installation left things in your store"
      action={{ content: 'Decide', url: '/app/leftovers' }}
    >
      <p>{words}. Nothing is done with them until you decide.</p>
    </Banner>
  );
}
