import { useSearchParams } from '@remix-run/react';
import { Banner } from '@shopify/polaris';
import { countOf } from './format.ts';

/** The address of a page that says what was just approved. */
export function turnedUrl(path: string, turned: 'on' | 'off', tags: number): string {
  return `${path}?turned=${turned}&tags=${tags}`;
}

/** After an approval: what happens now, and where to see how far it is. Gone when dismissed or left. */
export function TurnedNotice() {
  const [query, setQuery] = useSearchParams();
  const turned = query.get('turned');
  if (turned !== 'on' && turned !== 'off') return null;
  const tags = Math.max(0, Math.trunc(Number(query.get('tags'))) || 0);
  const dismiss = () => {
    query.delete('turned');
    query.delete('tags');
    setQuery(query, { replace: true });
  };
  return (
    <Banner tone="success" title={turned === 'on' ? 'Turned on' : 'Turned off'} onDismiss={dismiss}>
      <p>
        {tags === 0
          ? 'No tag changes in your store.'
          : `${countOf(tags, 'tag')} ${tags === 1 ? 'is' : 'are'} being ${turned === 'on' ? 'added' : 'removed'} in your store. Home shows how far it is.`}
      </p>
    </Banner>
  );
}
