/** A word about what was just done or could not be done; it is in the address, so that it survives the redirect. */
import { useSearchParams } from '@remix-run/react';
import { Banner } from '@shopify/polaris';

const NOTICES: Record<string, { tone: 'success' | 'warning' | 'info'; title: string; text: string }> = {
  created: {
    tone: 'success',
    title: 'Saved as a draft',
    text: 'Nothing is written to your store until you turn it on.',
  },
  saved: { tone: 'success', title: 'Saved', text: 'No tag changes in your store.' },
  paused: {
    tone: 'success',
    title: 'Paused',
    text: 'Members are still kept up to date here. The tags in your store stay as they are until it goes on.',
  },
  discarded: { tone: 'success', title: 'The change was discarded', text: 'The segment works as before.' },
  deleted: { tone: 'success', title: 'The segment was deleted', text: 'Who approved what stays in the log.' },
  frozen: {
    tone: 'success',
    title: 'Frozen as a list',
    text: 'It is a draft: turn it on, and exactly these customers get its tag.',
  },
  people: { tone: 'success', title: 'Saved', text: 'It holds from now on.' },
  not_imported: {
    tone: 'warning',
    title: 'Your store is still being read',
    text: 'The change waits. Review it once the first import is done.',
  },
  nothing_to_change: {
    tone: 'info',
    title: 'Nothing to change',
    text: 'It is so already, or something else changed it first.',
  },
  no_predictions: {
    tone: 'warning',
    title: 'There are no predictions to rely on yet',
    text: 'The change waits. Value shows what is missing.',
  },
  leaving: {
    tone: 'warning',
    title: 'Everything is being taken out of your store',
    text: 'The change waits. Segments can be turned on again when Leaving is done.',
  },
  not_available: {
    tone: 'warning',
    title: 'It asks for what your store cannot supply now',
    text: 'The change waits. Its review says what is missing.',
  },
  too_much: {
    tone: 'warning',
    title: 'It is too much together',
    text: 'Nothing was changed. Together, the segments ask for more different values than can be worked out at once. Turn some of them off, or ask for less in their rules.',
  },
  not_live: { tone: 'info', title: 'It is not live', text: 'Only a live segment can be paused.' },
};

export function NoticeBanner() {
  const [query, setQuery] = useSearchParams();
  const notice = NOTICES[query.get('notice') ?? ''];
  if (!notice) return null;
  const dismiss = () => {
    query.delete('notice');
    setQuery(query, { replace: true });
  };
  return (
    <Banner tone={notice.tone} title={notice.title} onDismiss={dismiss}>
      <p>{notice.text}</p>
    </Banner>
  );
}
