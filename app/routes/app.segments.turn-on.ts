/**
 * Turning segments on in two steps, for the review page and for scripts that act as a merchant does: "review"
 * answers who would gain and lose which tag and a fingerprint of that; "approve" acts on that fingerprint
 * only, and answers the new review when the store has changed too much in between. In a large store both are worked out
 * in the background: "review" answers how far it is until there is one, and after "approve" "progress" says how far the
 * store follows. While another change is under way both answer "busy": an approval is of the change that it names.
 */
import type { ActionFunctionArgs } from '@remix-run/node';
import { z } from 'zod';
import { waitForShop } from '../db/shop-due.server.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import { approveChange } from '../pipeline/decide-change.server.ts';
import { readChangeReview } from '../pipeline/read-change-review.server.ts';
import { isLargeStore, startChange } from '../pipeline/start-change.server.ts';
import { turnOn } from '../pipeline/turn-on.server.ts';
import type { ChangeRun } from '../segments/change-run.ts';
import { readChangeRun, readChangeUnderWay } from '../segments/change-run.server.ts';
import { proposeChange } from '../segments/propose-change.server.ts';
import { reviewTurnOn } from '../segments/review-turn-on.server.ts';
import { readSegmentNames } from '../segments/read-segment-names.server.ts';
import { pageRequest } from './page-request.server.ts';

const keys = z.union([z.literal('all'), z.array(z.string().min(1).max(255)).min(1).max(500)]);
const intentSchema = z.discriminatedUnion('intent', [
  z.object({ intent: z.literal('review'), keys }),
  z.object({ intent: z.literal('progress') }),
  z.object({ intent: z.literal('approve'), keys, fingerprint: z.string().min(1).max(20_000) }),
]);

export function action(args: ActionFunctionArgs) {
  return pageRequest(args, async ({ app, shopId, now, actor }) => {
    const parsed = intentSchema.safeParse(await readBody(args.request));
    if (!parsed.success) {
      const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
      return Response.json({ outcome: 'bad_request', faults }, { status: 400 });
    }
    const asked = parsed.data;
    if (asked.intent === 'progress') {
      return Response.json({ progress: await app.db.inShop(shopId, readProgress) });
    }
    const wanted =
      asked.keys === 'all'
        ? (await app.db.inShop(shopId, readSegmentNames)).map(({ key }) => key)
        : asked.keys;
    if (asked.intent === 'review') {
      return Response.json(
        await app.db.inShop(shopId, async (tx) => {
          if (!(await isLargeStore(tx))) return { review: await reviewTurnOn(tx, { keys: wanted, now }) };
          await waitForShop(tx, shopId);
          const change = { act: 'turn_on', keys: wanted } as const;
          const started = await startChange(tx, { change, actor, now, ask: true });
          if (started.outcome === 'not_ready') return started;
          if (started.outcome === 'busy') return BUSY;
          return { review: await readChangeReview(tx, now), progress: await readProgress(tx) };
        }),
      );
    }
    const { run, same } = await app.db.inShop(shopId, async (tx) => {
      const found = await readChangeUnderWay(tx);
      return { run: found, same: found !== null && (await isAbout(tx, found, wanted)) };
    });
    if (run && !same) return Response.json(BUSY);
    if (run) {
      const approved = { id: run.id, fingerprint: asked.fingerprint, startAutomations: false, actor, now };
      const { outcome } = await approveChange(app, shopId, approved);
      return Response.json({ outcome: outcome === 'approved' ? 'started' : outcome });
    }
    const turned = await turnOn(app, shopId, { keys: wanted, fingerprint: asked.fingerprint, actor, now });
    return Response.json(turned.outcome === 'busy' ? BUSY : turned);
  });
}

const BUSY = {
  outcome: 'busy',
  message: 'Another change of segments is under way. Approve that one or give it up first.',
} as const;

/** Whether the change turns on just these; some of either may be on already. */
async function isAbout(tx: ShopTx, { change }: ChangeRun, keys: readonly string[]): Promise<boolean> {
  if (change.act !== 'turn_on') return false;
  const targetsOf = async (wanted: readonly string[]) =>
    (await proposeChange(tx, { act: 'turn_on', keys: wanted })).targets
      .map(({ before }) => before.key)
      .join();
  return (await targetsOf(change.keys)) === (await targetsOf(keys));
}

/** JSON, or a form whose `keys` are repeated (or one "all"). */
async function readBody(request: Request): Promise<unknown> {
  if (request.headers.get('content-type')?.includes('application/json')) {
    return request.json().catch(() => undefined);
  }
  const form = await request.formData();
  const given = form.getAll('keys').map(String);
  return {
    intent: form.get('intent'),
    keys: given.length === 1 && given[0] === 'all' ? 'all' : given,
    fingerprint: form.get('fingerprint') ?? undefined,
  };
}

async function readProgress(tx: ShopTx) {
  const run = await readChangeRun(tx);
  return run && { state: run.state, done: run.done, total: run.total };
}
