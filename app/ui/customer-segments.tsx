import { useFetcher } from '@remix-run/react';
import {
  Badge,
  BlockStack,
  Button,
  Collapsible,
  InlineStack,
  Link,
  SkeletonBodyText,
  Text,
} from '@shopify/polaris';
import { useId, useState } from 'react';
import { causeWords } from './cause-words.ts';
import { capital, countOf, formatInstant } from './format.ts';
import { WhyList, type WhyCondition } from './why-list.tsx';

export interface CustomerSegmentView {
  key: string;
  name: string;
  status: 'draft' | 'live' | 'paused' | 'failing';
  holds: boolean;
  /** Stored membership; null for drafts, which keep none. */
  since: Date | null;
  cause: string | null;
}

/** What /app/customers/ID/why answers. */
export type WhyAnswer =
  | {
      outcome: 'known';
      conditions: WhyCondition[];
      /** "leaves VIP on 28 November (1,200.00 becomes 800.00)"; null: time alone changes nothing. */
      sentence: string | null;
      /** The rule's answer differs from the membership: lists, sets, holds or stays decide. */
      decidedOtherwise: boolean;
    }
  | { outcome: 'unknown' };

/** The segments that a customer is in (of drafts: would be), then the others; why opens condition by condition. */
export function CustomerSegments({
  customerId,
  segments,
  timeZone,
}: {
  customerId: string;
  segments: readonly CustomerSegmentView[];
  timeZone: string;
}) {
  const [othersOpen, setOthersOpen] = useState(false);
  const othersId = useId();
  const inside = segments.filter((segment) => segment.holds);
  const others = segments.filter((segment) => !segment.holds);
  const list = (some: readonly CustomerSegmentView[]) => (
    <ul className="rg-segments">
      {some.map((segment) => (
        <li key={segment.key}>
          <OneSegment customerId={customerId} segment={segment} timeZone={timeZone} />
        </li>
      ))}
    </ul>
  );
  return (
    <BlockStack gap="300">
      {inside.length > 0 ? (
        list(inside)
      ) : (
        <Text as="p" tone="subdued">
          In no segment.
        </Text>
      )}
      {others.length > 0 ? (
        <>
          <div>
            <Button
              variant="plain"
              disclosure={othersOpen ? 'up' : 'down'}
              ariaExpanded={othersOpen}
              ariaControls={othersId}
              onClick={() => setOthersOpen(!othersOpen)}
            >
              {`Not in ${countOf(others.length, 'other segment')}`}
            </Button>
          </div>
          <Collapsible id={othersId} open={othersOpen}>
            {list(others)}
          </Collapsible>
        </>
      ) : null}
    </BlockStack>
  );
}

function OneSegment({
  customerId,
  segment,
  timeZone,
}: {
  customerId: string;
  segment: CustomerSegmentView;
  timeZone: string;
}) {
  const [open, setOpen] = useState(false);
  const id = useId();
  const fetcher = useFetcher<WhyAnswer>();
  const question = segment.holds ? 'Why' : 'Why not';
  const toggle = () => {
    if (!open && fetcher.state === 'idle') {
      fetcher.load(`/app/customers/${customerId}/why?segment=${segment.key}`);
    }
    setOpen(!open);
  };
  return (
    <BlockStack gap="150">
      <InlineStack gap="200" align="space-between" blockAlign="start" wrap={false}>
        <InlineStack gap="100" blockAlign="center">
          <Link url={`/app/segments/${segment.key}`} removeUnderline>
            {segment.name}
          </Link>
          {segment.status === 'draft' ? <Badge>Draft</Badge> : null}
          {segment.since && segment.cause ? (
            <Text as="span" tone="subdued" variant="bodySm">
              {`since ${formatInstant(segment.since, timeZone)} (${causeWords(segment.cause)})`}
            </Text>
          ) : null}
        </InlineStack>
        <Button
          variant="plain"
          disclosure={open ? 'up' : 'down'}
          ariaExpanded={open}
          ariaControls={id}
          accessibilityLabel={`${question} ${segment.name}`}
          onClick={toggle}
        >
          {question}
        </Button>
      </InlineStack>
      <Collapsible id={id} open={open}>
        <Answer answer={fetcher.data} label={`${question} ${segment.name}`} />
      </Collapsible>
    </BlockStack>
  );
}

function Answer({ answer, label }: { answer: WhyAnswer | undefined; label: string }) {
  if (!answer) return <SkeletonBodyText lines={2} />;
  if (answer.outcome === 'known') {
    return (
      <BlockStack gap="150">
        <WhyList conditions={answer.conditions} label={label} />
        {answer.sentence ? (
          <Text as="p" fontWeight="medium">
            {`${capital(answer.sentence)}, unless something else happens before.`}
          </Text>
        ) : null}
        {answer.decidedOtherwise ? (
          <Text as="p" tone="subdued">
            {`The rule alone would say otherwise: the segment’s people, set or settings decide.`}
          </Text>
        ) : null}
      </BlockStack>
    );
  }
  return (
    <Text as="p" tone="subdued">
      This cannot be said now. Load the page again.
    </Text>
  );
}
