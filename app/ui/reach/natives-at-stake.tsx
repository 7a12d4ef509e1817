/** On the review of a change: what becomes of the segments that we keep in Shopify. */
import { Banner, List } from '@shopify/polaris';
import type { NativeAtStake } from '../../activation/native-segments/native-at-stake.server.ts';

const BECOMES: Readonly<Record<NativeAtStake['what'], string>> = {
  made: 'is made',
  deleted: 'is deleted. Whatever of your own uses it in Shopify loses it',
  rewritten: 'asks for the new rule',
  follows: 'follows: those with the tag are in it',
};

export function NativesAtStake({ natives }: { natives: readonly NativeAtStake[] }) {
  if (natives.length === 0) return null;
  const lost = natives.some(({ what }) => what === 'deleted');
  return (
    <Banner tone={lost ? 'warning' : 'info'} title="Your segments in Shopify change with it">
      <List>
        {natives.map(({ name, what }) => (
          <List.Item key={name}>{`“${name}” ${BECOMES[what]}.`}</List.Item>
        ))}
      </List>
    </Banner>
  );
}
