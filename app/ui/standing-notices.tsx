import { Banner } from '@shopify/polaris';
import { noticesOf, type ShownOfStore } from './standing-words.ts';

/** What Shopify refuses this app, each with what to do about it. */
export function StandingNotices(props: ShownOfStore) {
  return (
    <>
      {noticesOf(props).map(({ tone, title, text }) => (
        <Banner key={title} tone={tone} title={title}>
          <p>{text}</p>
        </Banner>
      ))}
    </>
  );
}
