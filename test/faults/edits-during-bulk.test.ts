/**
 * The merchant edits tags by hand while a bulk operation writes ours: adds, wipes, takes off and puts back, before and
 * after the line of the customer. The worker is a process of its own, every message goes over HTTP, the store has the pace of a real one.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readTagSums } from '../../app/activation/tags/read-tag-sums.server.ts';
import { systemClock } from '../../app/clock.ts';
import { sql } from '../../app/db/sql.ts';
import { turnOn } from '../../app/pipeline/turn-on.server.ts';
import { createSegment } from '../../app/segments/create-segment.server.ts';
import { reviewTurnOn } from '../../app/segments/review-turn-on.server.ts';
import { tagSumWords } from '../../app/ui/tags/tag-sum-words.ts';
import { ACTS } from '../../sandbox/acts/act-routes.ts';
import { silentLog } from '../support/silent-log.ts';
import { createWorkerStage, type WorkerStage } from './worker-stage.ts';

const TAG = 'regulars-newcomers';
const OTHERS = 'another-app';
/** A person's edit comes some lines after that of the customer, never in the same millisecond. */
const LINES_LATER = 5;
let stage: WorkerStage;
beforeAll(async () => {
  stage = await createWorkerStage({ seed: { customers: 600, seed: 7 }, running: true });
});
afterAll(() => stage.close());

const rows = <T extends Record<string, unknown>>(statement: ReturnType<typeof sql>) =>
  stage.testDb.db.inShop(stage.shopId, async (tx) => (await tx.query<T>(statement)).rows);
const tagsOf = (id: string) => [...(stage.store.customer(id)?.tags ?? [])].sort();
const setTags = (id: string, tags: readonly string[]) =>
  ACTS['set-tags']?.(stage.store, { customer: id, tags: [...tags] }, stage.sandbox);
const underWay = () =>
  [...stage.store.bulkOperations()].some(({ type, status }) => type === 'MUTATION' && status === 'RUNNING');

interface People {
  members: string[];
  others: string[];
}

/** A segment of most people is turned on. @returns members and others */
async function turnMostOn(): Promise<People> {
  const now = stage.sandbox.clock.now();
  const ctx = { db: stage.testDb.db, log: silentLog(), clock: systemClock };
  const keys = ['newcomers'];
  const fingerprint = await ctx.db.inShop(stage.shopId, async (tx) => {
    await createSegment(tx, {
      name: 'Newcomers',
      rule: { v: 1, where: { field: 'orders', op: 'lte', value: 2 } },
      actor: '42',
      now,
    });
    return (await reviewTurnOn(tx, { keys, now })).fingerprint;
  });
  const done = await turnOn(ctx, stage.shopId, { keys, fingerprint, actor: '42', now });
  expect(done).toMatchObject({ outcome: 'done' });
  const ids = async (of: ReturnType<typeof sql>) => (await rows<{ id: string }>(of)).map(({ id }) => id);
  return {
    members: await ids(sql`SELECT customer_id AS id FROM membership WHERE shop_id = ${stage.shopId}`),
    others: await ids(sql`
      SELECT id FROM customer c WHERE shop_id = ${stage.shopId}
         AND NOT EXISTS (SELECT FROM membership m WHERE m.shop_id = c.shop_id AND m.customer_id = c.id)`),
  };
}

test('what is done by hand meanwhile stands, and everybody else has exactly what they should have', async () => {
  await stage.startWorker();
  await stage.jobs.send('import', { shopId: stage.shopId });
  await stage.until('the import', async () => {
    const [settings] = await rows<{ at: Date | null }>(
      sql`SELECT first_imported_at AS at FROM shop_settings WHERE shop_id = ${stage.shopId}`,
    );
    return settings?.at instanceof Date;
  }, 120_000); // prettier-ignore
  await stage.until('quiet', () => stage.isQuiet(), 60_000);
  const before = new Map([...stage.store.customers()].map(({ id, tags }) => [id, [...tags].sort()]));

  const written: string[] = [];
  const edited = new Map<string, string>();
  const pending = (members: readonly string[]): string => {
    const id = members.find((one) => !tagsOf(one).includes(TAG) && !edited.has(one));
    if (id === undefined) throw new Error('everybody is written');
    return id;
  };
  /** What somebody does after the lines of the first customers, and to whom. */
  const acts: ((justWritten: string, people: People) => [string, string, ...(readonly string[])[]])[] = [
    (id) => ['tagged by another app after its line', id, [...tagsOf(id), OTHERS]],
    (id) => ['removed and put back after its line', id, [], [TAG]],
    (id) => ['wiped after its line', id, []],
    (id) => ['our tag removed after its line', id, tagsOf(id).filter((tag) => tag !== TAG)],
    (_, { members }) => ['tagged by another app before its line', pending(members), [OTHERS]],
    (_, { members }) => ['wiped before its line', pending(members), []],
    (_, { members }) => ['given our tag before its line', pending(members), [TAG]],
    (_, { others }) => ['no member, given our tag', others[0] ?? '', [TAG]],
    (_, { others }) => ['no member, wiped', others[1] ?? '', []],
  ];
  let outside = 0;
  const turned = Promise.withResolvers<People>();
  const stop = stage.store.subscribe((change) => {
    if (change.kind !== 'customer_tags_added' || written.length >= acts.length + LINES_LATER) return;
    const { customerId } = change;
    // The edits are told of in the same way.
    if (written.includes(customerId) || edited.has(customerId)) return;
    const nth = written.push(customerId) - 1 - LINES_LATER;
    const [act, before] = [acts[nth], written[nth]];
    if (act === undefined || before === undefined) return;
    void turned.promise.then((people) => {
      const [what, id, ...tags] = act(before, people);
      if (!underWay()) outside += 1;
      edited.set(id, what);
      for (const one of tags) setTags(id, one);
    });
  });
  turned.resolve(await turnMostOn());
  const { members, others } = await turned.promise;
  expect(members.length, 'worth a bulk operation').toBeGreaterThan(300);
  expect(others.length).toBeGreaterThan(1);
  await stage.until('the edits', () => Promise.resolve(edited.size === acts.length), 60_000);
  stop();
  expect(outside, 'all while an operation ran').toBe(0);
  await stage.until('all is written', () => stage.isQuiet(), 120_000);

  const who = (what: string) => [...edited].find(([, one]) => one === what)?.[0] ?? '';
  expect(tagsOf(who('tagged by another app after its line'))).toContain(OTHERS);
  expect(tagsOf(who('tagged by another app after its line'))).toContain(TAG);
  expect(tagsOf(who('removed and put back after its line'))).toEqual([TAG]);
  expect(tagsOf(who('wiped after its line')), 'a removal by hand is respected').toEqual([]);
  expect(tagsOf(who('our tag removed after its line'))).not.toContain(TAG);
  expect(tagsOf(who('tagged by another app before its line'))).toEqual([OTHERS, TAG]);
  expect(tagsOf(who('wiped before its line'))).toEqual([TAG]);
  expect(tagsOf(who('given our tag before its line'))).toEqual([TAG]);
  expect(tagsOf(who('no member, given our tag'))).toEqual([TAG]);
  expect(tagsOf(who('no member, wiped'))).toEqual([]);
  for (const { id } of stage.store.customers()) {
    if (edited.has(id)) continue;
    const wanted = members.includes(id) ? [...(before.get(id) ?? []), TAG].sort() : before.get(id);
    expect(tagsOf(id)).toEqual(wanted);
  }
  const [sum] = await stage.testDb.db.inShop(stage.shopId, (tx) => readTagSums(tx, ['newcomers']));
  expect(sum && tagSumWords(sum)).toBe(
    `${members.length + 1} = ${members.length - 1} tagged + 2 removed by hand`,
  );
  const ways = await rows<{ way: string; customer: string }>(sql`
    SELECT way, customer_id AS customer FROM tag_write WHERE shop_id = ${stage.shopId} AND outcome = 'confirmed'`);
  for (const id of written) expect(ways).toContainEqual({ way: 'bulk', customer: id });
}, 300_000);
