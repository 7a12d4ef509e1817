/** What the segment said before, in words, and the way back. Also who approved what, with the way to undo it. */
import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { Form, useLoaderData, useNavigation } from '@remix-run/react';
import { Badge, BlockStack, Button, Card, InlineStack, List, Text } from '@shopify/polaris';
import { readReceipts } from '../segments/read-receipts.server.ts';
import { loadSegment } from '../segments/load-segments.server.ts';
import { namesOf, readRuleNames } from '../segments/read-rule-names.server.ts';
import { readRuleDay } from '../segments/read-rule-day.server.ts';
import { readSegmentHead } from '../segments/read-segment-head.server.ts';
import { readVersions } from '../segments/read-versions.server.ts';
import { formatInstant } from '../ui/format.ts';
import { actWords, doneWords } from '../ui/segments/receipt-banner.tsx';
import { SegmentPage } from '../ui/segments/segment-page.tsx';
import { noSuchSegment } from './no-such-segment.server.ts';
import { pageRequest } from './page-request.server.ts';
import { applyOrReview } from './saved-segment.server.ts';

const RECEIPTS = 20;

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: `Versions of ${data?.head.name ?? 'a segment'} · Regulars` },
];

export function loader(args: LoaderFunctionArgs) {
  const key = args.params['key'] ?? '';
  return pageRequest(args, ({ app, shopId, settings, now }) =>
    app.db.inShop(shopId, async (tx) => {
      const ruleDay = await readRuleDay(tx, now);
      const head = await readSegmentHead(tx, ruleDay, key);
      if (!head) throw noSuchSegment();
      const rule = (await loadSegment(tx, key))?.rule;
      const names = namesOf(await readRuleNames(tx, rule ? [rule] : []));
      return {
        head,
        versions: await readVersions(tx, key, { ...ruleDay.print, names }),
        receipts: await readReceipts(tx, { key, limit: RECEIPTS }),
        timeZone: settings.timeZone,
      };
    }),
  );
}

/** "Return to this version": at once below the limit, else through the review. */
export function action(args: ActionFunctionArgs) {
  const key = args.params['key'] ?? '';
  return pageRequest(args, async ({ app, shopId, now, actor }) => {
    const version = Number((await args.request.formData()).get('version'));
    if (!Number.isInteger(version) || version < 1 || version > 1_000_000_000) {
      return Response.json({ outcome: 'bad_request' }, { status: 400 });
    }
    if (!(await app.db.inShop(shopId, (tx) => loadSegment(tx, key)))) throw noSuchSegment();
    return applyOrReview(app, shopId, {
      change: { act: 'return', key, version },
      actor,
      now,
      after: `/app/segments/${key}`,
      note: `Back to version ${version}.`,
    });
  });
}

export default function Versions() {
  const { head, versions, receipts, timeZone } = useLoaderData<typeof loader>();
  const { formData, state } = useNavigation();
  const returning = state === 'idle' ? null : formData?.get('version');
  return (
    <SegmentPage head={head} tab="versions">
      <Card>
        <BlockStack gap="300">
          <Text as="h2" variant="headingMd">
            Versions
          </Text>
          {versions.length === 0 ? (
            <Text as="p" tone="subdued">
              It says what it said when it was made. Each change of its rule or settings is kept here.
            </Text>
          ) : (
            <ol className="rg-versions">
              {versions.map((version) => (
                <li key={version.version}>
                  <BlockStack gap="150">
                    <InlineStack align="space-between" gap="200" blockAlign="center">
                      <InlineStack gap="200" blockAlign="center">
                        <Text as="h3" variant="headingSm">{`Version ${version.version}`}</Text>
                        {version.current ? <Badge tone="success">In force</Badge> : null}
                        <Text as="span" tone="subdued" variant="bodySm">
                          {formatInstant(version.at, timeZone)}
                        </Text>
                      </InlineStack>
                      {version.current || version.sentence === null ? null : (
                        <Form method="post">
                          <input type="hidden" name="version" value={version.version} />
                          <Button
                            submit
                            variant="plain"
                            loading={returning === String(version.version)}
                            accessibilityLabel={`Return to this version: ${version.version}`}
                          >
                            Return to this version
                          </Button>
                        </Form>
                      )}
                    </InlineStack>
                    <Text as="p">{version.sentence ?? 'This version cannot be read any more.'}</Text>
                    {version.changes.length > 0 ? (
                      <List>
                        {version.changes.map((words) => (
                          <List.Item key={words}>{words}</List.Item>
                        ))}
                      </List>
                    ) : null}
                    {version.note ? (
                      <Text as="p" tone="subdued">
                        {version.note}
                      </Text>
                    ) : null}
                  </BlockStack>
                </li>
              ))}
            </ol>
          )}
        </BlockStack>
      </Card>
      <Card>
        <BlockStack gap="300">
          <Text as="h2" variant="headingMd">
            Who approved what
          </Text>
          {receipts.length === 0 ? (
            <Text as="p" tone="subdued">
              Nothing has been approved yet.
            </Text>
          ) : (
            <ul className="rg-versions">
              {receipts.map((receipt) => (
                <li key={receipt.id}>
                  <InlineStack align="space-between" gap="200" blockAlign="center">
                    <BlockStack gap="050">
                      <Text as="span" fontWeight="semibold">
                        {actWords(receipt.act)}
                        {receipt.undone ? ' (undone since)' : ''}
                      </Text>
                      <Text as="span" tone="subdued" variant="bodySm">
                        {`${formatInstant(receipt.at, timeZone)} · ${receipt.actor === '' ? 'somebody' : `user ${receipt.actor}`} · ${doneWords(receipt)}`}
                      </Text>
                    </BlockStack>
                    {receipt.canUndo ? (
                      <Button
                        variant="plain"
                        url={`/app/segments/review?act=undo&approval=${receipt.id}`}
                        accessibilityLabel={`Undo: ${actWords(receipt.act)}`}
                      >
                        Undo
                      </Button>
                    ) : null}
                  </InlineStack>
                </li>
              ))}
            </ul>
          )}
        </BlockStack>
      </Card>
    </SegmentPage>
  );
}
