/** Finds customers by name, e-mail or number, and gathers those that are chosen as hidden fields of the form. */
import { BlockStack, Button, InlineStack, Spinner, Tag, Text, TextField } from '@shopify/polaris';
import { useEffect, useState } from 'react';

export interface FoundCustomer {
  id: string;
  name: string;
  /** Empty when Shopify does not tell it. */
  email: string;
}

/** What /app/customer-search answers. */
export type CustomerSearchAnswer = { outcome: 'found'; customers: FoundCustomer[] } | { outcome: 'refused' };

const REST_MS = 300;

export function CustomerSearch({
  label,
  chosen,
  onChange,
  most,
}: {
  label: string;
  chosen: readonly FoundCustomer[];
  onChange: (chosen: FoundCustomer[]) => void;
  most?: number;
}) {
  const [typed, setTyped] = useState('');
  const { answer, asking } = useSearch(typed);
  const full = most !== undefined && chosen.length >= most;
  const found = answer?.outcome === 'found' ? answer.customers : [];
  const others = found.filter(({ id }) => !chosen.some((one) => one.id === id));
  return (
    <BlockStack gap="200">
      {chosen.map(({ id }) => (
        <input key={id} type="hidden" name="customer" value={id} />
      ))}
      <div
        onKeyDown={(event) => {
          if (event.key !== 'Enter') return;
          event.preventDefault();
          const [first] = others;
          if (!first || full) return;
          onChange([...chosen, first]);
          setTyped('');
        }}
      >
        <TextField
          label={label}
          type="search"
          autoComplete="off"
          placeholder="Name, e-mail or number"
          value={typed}
          onChange={setTyped}
          clearButton
          onClearButtonClick={() => setTyped('')}
          suffix={asking ? <Spinner size="small" accessibilityLabel="Searching" /> : undefined}
          disabled={full}
          helpText={full ? `${most} are chosen: that is as many as can be.` : undefined}
        />
      </div>
      <div role="status">
        {answer?.outcome === 'refused' ? (
          <Text as="p" tone="subdued">
            Shopify does not answer the search now. The customer’s number always works.
          </Text>
        ) : null}
        {answer?.outcome === 'found' && typed !== '' && others.length === 0 && !asking ? (
          <Text as="p" tone="subdued">
            Nobody found.
          </Text>
        ) : null}
      </div>
      {others.length > 0 && !full ? (
        <ul className="rg-found" aria-label="Found customers">
          {others.map((one) => (
            <li key={one.id}>
              <span>
                {one.name}
                {one.email ? <span className="rg-map-help">{one.email}</span> : null}
              </span>
              <Button
                size="slim"
                accessibilityLabel={`Choose ${one.name}`}
                onClick={() => {
                  onChange([...chosen, one]);
                  setTyped('');
                }}
              >
                Choose
              </Button>
            </li>
          ))}
        </ul>
      ) : null}
      {chosen.length > 0 ? (
        <InlineStack gap="100">
          {chosen.map((one) => (
            <Tag key={one.id} onRemove={() => onChange(chosen.filter(({ id }) => id !== one.id))}>
              {one.name}
            </Tag>
          ))}
        </InlineStack>
      ) : null}
    </BlockStack>
  );
}

function useSearch(typed: string): { answer: CustomerSearchAnswer | null; asking: boolean } {
  const [answer, setAnswer] = useState<CustomerSearchAnswer | null>(null);
  const [asking, setAsking] = useState(false);
  const wanted = typed.trim();
  useEffect(() => {
    if (wanted === '') {
      setAnswer(null);
      setAsking(false);
      return undefined;
    }
    const stop = new AbortController();
    setAsking(true);
    const timer = setTimeout(() => {
      void fetch(`/app/customer-search?q=${encodeURIComponent(wanted)}`, { signal: stop.signal })
        .then(async (got) =>
          got.ok ? ((await got.json()) as CustomerSearchAnswer) : { outcome: 'refused' as const },
        ) // prettier-ignore
        .catch(() => ({ outcome: 'refused' as const }))
        .then((found) => {
          if (stop.signal.aborted) return;
          setAnswer(found);
          setAsking(false);
        });
    }, REST_MS);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [wanted]);
  return { answer, asking };
}
