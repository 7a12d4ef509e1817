/** A change of tags under way: how far it is, what it waits for, and the ways out. */
import { Banner, BlockStack } from '@shopify/polaris';
import type { TagsLeft } from '../../activation/rename/read-tags-left.server.ts';
import { countOf, formatCount } from '../format.ts';
import { Choice } from './choice.tsx';

export interface RenameShown {
  id: string;
  state: 'adding' | 'verifying' | 'removing' | 'done';
  from: string;
  to: string;
  message: string | null;
  total: number;
  oldLeft: number;
}

export function RenameBanner({ rename, pending }: { rename: RenameShown; pending: number }) {
  return (
    <Banner tone={rename.message ? 'warning' : 'info'} title={`Changing ${rename.from} to ${rename.to}`}>
      <BlockStack gap="300">
        <p>
          {rename.state === 'adding'
            ? `The new tags are being added: ${formatCount(pending)} of ${countOf(rename.total, 'tag')} to go. The old ones stay until all is verified.`
            : rename.state === 'verifying'
              ? `Everybody has the new tag. What hangs on it is being verified. ${rename.message ?? ''}`
              : `The old tags are being removed: ${formatCount(rename.oldLeft)} to go. ${rename.message ?? ''}`}
        </p>
        <p>
          Workflows of Shopify Flow and other apps cannot be looked into: change those that ask for the old
          tag before it goes. Offers keep the tag that they were made with.
        </p>
        <Choice
          hidden={{ id: rename.id }}
          choices={[
            ...(rename.state === 'verifying' && rename.message
              ? [{ intent: 'finish_rename', label: 'Remove the old tags anyway' }]
              : []),
            { intent: 'take_back_rename', label: `Back to ${rename.from}` },
          ]}
        />
      </BlockStack>
    </Banner>
  );
}

/** A change that ended without some of the old tags. */
export function TagsLeftBanner({ left: { from, to, message } }: { left: TagsLeft }) {
  return (
    <Banner tone="warning" title={`Changed ${from} to ${to}, but some old tags are left`}>
      <p>{`${message} They are tried again each night.`}</p>
    </Banner>
  );
}
