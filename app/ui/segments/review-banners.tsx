import { Banner } from '@shopify/polaris';

/** Why a change was not made, or cannot be yet; `apart`: names of the segments that go off by themselves. */
export function ReviewBanners({
  refused,
  apart,
  imported,
}: {
  refused: string | undefined;
  apart: readonly string[];
  imported: boolean;
}) {
  return (
    <>
      {refused === 'changed' ? (
        <Banner tone="warning" title="Your store has changed since you looked">
          <p>Nothing was written. These are the numbers now: look again, then approve.</p>
        </Banner>
      ) : null}
      {apart.length > 0 ? (
        <Banner tone="warning" title="Their rules cannot be read">
          <p>{`These are turned off by themselves: ${apart.join(', ')}. If you have chosen others, turn those off after that.`}</p>
        </Banner>
      ) : null}
      {refused === 'not_imported' || !imported ? (
        <Banner tone="warning" title="Your store is still being read">
          <p>Segments can be turned on once the first import is done. Home shows how far it is.</p>
        </Banner>
      ) : null}
      {refused === 'leaving' ? (
        <Banner tone="warning" title="Everything is being taken out of your store">
          <p>Nothing was written. Segments can be turned on again when Leaving is done.</p>
        </Banner>
      ) : null}
      {refused === 'no_predictions' ? (
        <Banner tone="warning" title="There are no predictions to rely on yet">
          <p>
            Nothing was written. A chosen segment asks for predictions, and your store has too few customers
            or orders for them so far. Value shows what is missing.
          </p>
        </Banner>
      ) : null}
    </>
  );
}
