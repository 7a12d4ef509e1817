/** Segments and settings to and from another store: download, look at what a file would do, import as drafts. */
import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { Form, useActionData, useLoaderData, useNavigation } from '@remix-run/react';
import { Banner, BlockStack, Button, Card, Page, Text, TextField } from '@shopify/polaris';
import { useState } from 'react';
import type { RuleFault } from '../segments/rule.ts';
import {
  importSegments,
  type Conflict,
  type ImportedSegment,
} from '../segments/transfer/import-segments.server.ts';
import { readTransfer } from '../segments/transfer/read-transfer.server.ts';
import { reviewImport, type ReviewedImport } from '../segments/transfer/review-import.server.ts';
import { parseTransfer, TRANSFER_LIMITS } from '../segments/transfer/transfer-file.ts';
import { countOf } from '../ui/format.ts';
import { ImportReview } from '../ui/segments/insights/import-review.tsx';
import { pageRequest } from './page-request.server.ts';

export const meta: MetaFunction = () => [{ title: 'Move segments · Regulars' }];

export function loader(args: LoaderFunctionArgs) {
  return pageRequest(args, async ({ app, shopId }) => {
    const { segments, sets, leftOut } = await app.db.inShop(shopId, readTransfer);
    return {
      segments: segments.length,
      own: segments.filter(({ preset }) => !preset).length,
      sets: sets.length,
      leftOut,
    };
  });
}

type Answer =
  | { state: 'refused'; faults: RuleFault[]; text: string }
  | { state: 'review'; review: ReviewedImport; text: string; changed: boolean }
  | { state: 'done'; segments: ImportedSegment[]; sets: number };

/** A file is at most 1 MB; what comes with it is small. Larger requests are not read to their end. */
const MOST_BYTES = 4 * TRANSFER_LIMITS.bytes;

export function action(args: ActionFunctionArgs) {
  return pageRequest(args, async ({ app, shopId, now, actor }): Promise<Response> => {
    const answer = (status: number, body: Answer) => Response.json(body, { status });
    if (Number(args.request.headers.get('content-length') ?? 0) > MOST_BYTES) {
      return answer(413, {
        state: 'refused',
        faults: [{ path: '', message: 'is larger than 1 MB' }],
        text: '',
      });
    }
    const form = await args.request.formData();
    const field = (name: string) => {
      const value = form.get(name);
      return typeof value === 'string' ? value : '';
    };
    const text = field('text');
    const parsed = parseTransfer(text);
    if (!parsed.ok) return answer(422, { state: 'refused', faults: parsed.faults, text: shown(text) });
    if (field('intent') !== 'import') {
      const review = await app.db.inShop(shopId, (tx) => reviewImport(tx, parsed.file, now));
      return answer(200, { state: 'review', review, text, changed: false });
    }
    const done = await app.db.inShop(shopId, (tx) =>
      importSegments(tx, {
        file: parsed.file,
        fingerprint: field('fingerprint'),
        conflicts: conflictsOf(form),
        askAbove: field('askAbove') === 'yes',
        actor,
        now,
      }),
    );
    if (done.outcome === 'changed') {
      return answer(409, { state: 'review', review: done.review, text, changed: true });
    }
    app.log.info({ shopId, segments: done.segments.length, sets: done.sets }, 'segments imported');
    return answer(200, { state: 'done', segments: done.segments, sets: done.sets });
  });
}

/** A file that is far too large is not sent back. */
const shown = (text: string) => (text.length > TRANSFER_LIMITS.bytes ? '' : text);

function conflictsOf(form: FormData): Record<string, Conflict> {
  return Object.fromEntries(
    [...form].flatMap(([name, value]) => {
      const wanted = value === 'copy' || value === 'replace' || value === 'skip' ? value : undefined;
      return name.startsWith('conflict ') && wanted ? [[name.slice('conflict '.length), wanted]] : [];
    }),
  );
}

export default function Transfer() {
  const here = useLoaderData<typeof loader>();
  const answer = useActionData() as Answer | undefined;
  return (
    <Page title="Move segments" backAction={{ content: 'Settings', url: '/app/settings' }}>
      <BlockStack gap="400">
        {answer?.state === 'done' ? <Done {...answer} /> : null}
        {answer?.state === 'review' ? (
          <>
            {answer.changed ? (
              <Banner tone="info" title="Nothing was imported">
                <p>Your segments have changed since you looked at the file. Here is what it would do now.</p>
              </Banner>
            ) : null}
            <ImportReview
              key={answer.review.fingerprint}
              plan={answer.review.plan}
              fingerprint={answer.review.fingerprint}
              text={answer.text}
            />
          </>
        ) : (
          <>
            <Export {...here} />
            <Import refused={answer?.state === 'refused' ? answer : null} />
          </>
        )}
      </BlockStack>
    </Page>
  );
}

function Export({ segments, own, sets, leftOut }: Awaited<ReturnType<typeof loader>>) {
  const [state, setState] = useState<'ready' | 'busy' | 'failed'>('ready');
  // A plain link would carry no session token: the file is fetched, then saved.
  const download = async () => {
    setState('busy');
    try {
      const response = await fetch('/app/transfer/file');
      if (!response.ok) throw new Error(String(response.status));
      const name = /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '')?.[1];
      const url = URL.createObjectURL(await response.blob());
      const link = Object.assign(document.createElement('a'), {
        href: url,
        download: name ?? 'regulars.json',
      });
      link.click();
      URL.revokeObjectURL(url);
      setState('ready');
    } catch {
      setState('failed');
    }
  };
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          To another store
        </Text>
        <Text as="p">
          {`${countOf(segments, 'segment')} (${own} of your own or changed), ${countOf(sets, 'set')} and your settings in one file. No customer is in it.`}
        </Text>
        {leftOut.length > 0 ? (
          <Text as="p" tone="subdued">
            {`Left out: ${leftOut.map(({ name, why }) => `${name} (${why})`).join(' ')}`}
          </Text>
        ) : null}
        {state === 'failed' ? (
          <Banner tone="critical" title="The file could not be read">
            <p>Try again in a minute.</p>
          </Banner>
        ) : null}
        <div>
          <Button onClick={() => void download()} loading={state === 'busy'}>
            Download the file
          </Button>
        </div>
      </BlockStack>
    </Card>
  );
}

function Import({ refused }: { refused: { faults: RuleFault[]; text: string } | null }) {
  const [text, setText] = useState(refused?.text ?? '');
  const busy = useNavigation().state !== 'idle';
  return (
    <Card>
      <Form method="post">
        <input type="hidden" name="intent" value="review" />
        <BlockStack gap="300">
          <Text as="h2" variant="headingMd">
            From another store
          </Text>
          <Text as="p">
            You see first what the file would do. Segments come as drafts: nothing is written to your store,
            and nothing of yours is replaced unless you say so.
          </Text>
          {refused ? (
            <Banner tone="critical" title="The file cannot be used">
              <ul>
                {refused.faults.map(({ path, message }) => (
                  <li key={`${path} ${message}`}>
                    {path === '' ? 'The file' : <code>{path}</code>} {message}
                  </li>
                ))}
              </ul>
            </Banner>
          ) : null}
          <label className="rg-file">
            <span>Choose the file</span>
            <input
              type="file"
              accept="application/json,.json"
              onChange={(event) => void event.target.files?.[0]?.text().then(setText)}
            />
          </label>
          <TextField
            label="Or paste what is in it"
            name="text"
            value={text}
            onChange={setText}
            multiline={4}
            maxHeight={240}
            autoComplete="off"
            monospaced
          />
          <div>
            <Button submit variant="primary" disabled={text.trim() === ''} loading={busy}>
              Look at it first
            </Button>
          </div>
        </BlockStack>
      </Form>
    </Card>
  );
}

const DID: Record<ImportedSegment['did'], string> = {
  made: 'made as a draft',
  replaced: 'changed (it is a draft)',
  waiting: 'proposed as a change, to be approved on its page',
  skipped: 'left as it is',
  same: 'here already',
  faulty: 'not made',
};

function Done({ segments, sets }: { segments: ImportedSegment[]; sets: number }) {
  const made = segments.filter(({ did }) => did === 'made').length;
  const others = segments.filter(({ did }) => did !== 'same' && did !== 'made');
  return (
    <Banner
      tone="success"
      title={`${countOf(made, 'draft')} and ${countOf(sets, 'set')} made`}
      action={{ content: 'Go to Segments', url: '/app/segments' }}
    >
      {others.length > 0 ? (
        <ul>
          {others.map(({ key, did, faults }) => (
            <li
              key={key}
            >{`${key}: ${DID[did]}. ${faults.map(({ path, message }) => `${path} ${message}`).join('; ')}`}</li>
          ))}
        </ul>
      ) : null}
    </Banner>
  );
}
