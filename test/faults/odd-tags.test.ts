/**
 * Tags that are hard to write or to compare, over real HTTP: other letters, other case, the longest, the last that fits,
 * and one customer that is gone. Same tags are known as the same, foreign ones stay as they are to the letter, and
 * whoever cannot have a tag has a sentence of their own.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { pushTags } from '../../app/activation/tags/push-tags.server.ts';
import { readCustomerTags } from '../../app/activation/tags/read-customer-tags.server.ts';
import { explainFailure } from '../../app/activation/tags/write-failure.ts';
import { sql } from '../../app/db/sql.ts';
import { checkNames } from '../../app/segments/segment-names.ts';
import { ACTS } from '../../sandbox/acts/act-routes.ts';
import { createImportWorld, type ImportWorld } from '../integration/import/world.ts';
import { createTagStage, hungry, type TagStage } from './tag-stage.ts';

const PREFIX = 'regulars-';
const COMPOSED = 'Caf\u00e9 r\u00e9gulier';
const DECOMPOSED = 'Cafe\u0301 re\u0301gulier';
let world: ImportWorld;
let changes = 0;
beforeAll(async () => {
  world = await createImportWorld({ empty: true });
  world.store.subscribe(({ kind }) => {
    if (kind === 'customer_tags_added' || kind === 'customer_tags_removed') changes += 1;
  });
});
afterAll(() => world.close());
beforeEach(() => (changes = 0));

const setTags = (customer: string, tags: readonly string[]) =>
  ACTS['set-tags']?.(world.store, { customer, tags }, world.sandbox);
const inShopify = (id: string) => [...(world.store.customer(id)?.tags ?? [])];
/** As the webhook after it would tell. */
async function told(stage: TagStage): Promise<void> {
  await world.testDb.db.inShop(stage.shopId, async (tx) => {
    for (const id of stage.ids) {
      await tx.query(sql`
        UPDATE customer SET tags = ${inShopify(id)}::text[] WHERE shop_id = ${stage.shopId} AND id = ${id}::bigint`);
    }
  });
}
/** A stage whose segment has this tag; the validation of names is for what merchants type. */
async function stageWith(tag: string, people = 1): Promise<TagStage> {
  const stage = await createTagStage(world, { people });
  await world.testDb.db.inShop(stage.shopId, (tx) =>
    tx.query(sql`UPDATE segment SET tag_name = ${tag} WHERE shop_id = ${stage.shopId}`),
  );
  return stage;
}
const why = async (stage: TagStage, id: string) =>
  world.testDb.db.inShop(stage.shopId, async (tx) => {
    const tags = await readCustomerTags(tx, id, PREFIX);
    return tags?.impossible.map(({ reason }) => explainFailure(reason)) ?? [];
  });

const ODD: readonly (readonly [string, string])[] = [
  ['spaces within', 'spring  sale 20 %'],
  ['emoji', '👩‍👩‍👧 family 🎁'],
  ['right to left', 'לקוחות קבועים'],
  ['right-to-left marks', '\u200fقديم\u200e vip'],
  ['composed letters', COMPOSED],
  ['decomposed letters', DECOMPOSED],
  ['other case', 'GOLD Größe'],
  ['quotes and backslashes', `o'neil \\ "best"`],
  ['255 characters', 'x'.repeat(255 - PREFIX.length)],
  ['255 emoji', '🎁'.repeat(255 - PREFIX.length)],
];

describe.each([
  ['singly', (stage: TagStage) => stage.ctx],
  ['in bulk', hungry],
] as const)('%s', (way, ctxOf) => {
  const people = way === 'in bulk' ? 120 : 2;

  test.each(ODD)('%s: written as it is, once, and taken away again', async (_name, odd) => {
    const stage = await stageWith(odd, people);
    const [first = ''] = stage.ids;
    setTags(first, ['VIP', odd]);
    await told(stage);
    changes = 0;
    await stage.join(stage.ids);
    await pushTags(ctxOf(stage), stage.shopId);
    for (const id of stage.ids) expect(inShopify(id)).toContain(PREFIX + odd);
    expect(inShopify(first), 'the merchant’s own stay to the letter').toEqual(
      expect.arrayContaining(['VIP', odd]),
    );
    expect((await stage.receipts()).every((one) => one.way === (way === 'in bulk' ? 'bulk' : 'single'))).toBe(
      true,
    );
    expect(changes).toBe(people);
    await stage.leave(stage.ids);
    await pushTags(ctxOf(stage), stage.shopId);
    expect(inShopify(first).sort()).toEqual([odd, 'VIP'].sort());
    for (const id of stage.ids.slice(1)) expect(inShopify(id)).toEqual([]);
    expect(await stage.outbox()).toEqual([]);
  });
});

describe('the same tag in other letters', () => {
  test.each([
    ['in capitals', 'gold', 'REGULARS-GOLD'],
    ['composed for decomposed', DECOMPOSED, PREFIX + COMPOSED],
    ['in capitals with accents', 'größe é', 'Regulars-GRÖSSE É'.replace('SS', 'ß')],
  ])('%s: somebody else’s is neither added again nor removed', async (_name, tag, theirs) => {
    const stage = await stageWith(tag);
    const [id = ''] = stage.ids;
    setTags(id, [theirs, 'VIP']);
    await told(stage);
    changes = 0;
    await stage.join([id]);
    await pushTags(stage.ctx, stage.shopId);
    expect(await stage.receipts()).toEqual([]);
    await stage.leave([id]);
    await pushTags(stage.ctx, stage.shopId);
    expect(inShopify(id).sort()).toEqual([theirs, 'VIP'].sort());
    expect(changes, 'nothing was written').toBe(0);
  });

  test('ours, respelled by somebody, is still ours: not added beside it, and removed with it', async () => {
    const stage = await stageWith('gold');
    const [id = ''] = stage.ids;
    await stage.join([id]);
    await pushTags(stage.ctx, stage.shopId);
    setTags(id, []);
    setTags(id, ['Regulars-Gold']);
    await told(stage);
    changes = 0;
    await stage.join([]);
    await pushTags(stage.ctx, stage.shopId);
    expect(inShopify(id)).toEqual(['Regulars-Gold']);
    expect(changes).toBe(0);
    await stage.leave([id]);
    await pushTags(stage.ctx, stage.shopId);
    expect(inShopify(id)).toEqual([]);
  });
});

describe('who cannot have it is told apart', () => {
  test('a comma, 256 characters, nothing at all: never sent, and said why', async () => {
    for (const [tag, words] of [
      ['gold, silver', 'The tag contains a comma, which Shopify would read as two tags.'],
      ['x'.repeat(256 - PREFIX.length), 'The tag is longer than 255 characters, which is Shopify’s limit.'],
    ] as const) {
      const stage = await stageWith(tag);
      const [id = ''] = stage.ids;
      await stage.join([id]);
      await pushTags(stage.ctx, stage.shopId);
      expect(inShopify(id)).toEqual([]);
      expect(await why(stage, id)).toEqual([words]);
      expect(await stage.receipts()).toMatchObject([{ customer: id, outcome: 'failed' }]);
      // Whoever types such a tag is told so beside the field.
      const taken = { keys: [], tags: [] };
      expect(checkNames({ key: 'a', name: 'a', tag }, { prefix: PREFIX, taken })).not.toEqual([]);
    }
  });

  test.each([
    ['singly', (stage: TagStage) => stage.ctx, 4],
    ['in bulk', hungry, 130],
  ] as const)(
    '%s: the 250th tag fits, the 251st does not, and a deleted customer is gone',
    async (_way, ctxOf, people) => {
      const stage = await createTagStage(world, { people });
      const [fits = '', full = '', deleted = '', ...others] = stage.ids;
      const many = Array.from({ length: 250 }, (_, n) => `t${n}`);
      setTags(fits, many.slice(1));
      setTags(full, many);
      await told(stage);
      // Shopify knows before we are told.
      ACTS['delete-customer']?.(world.store, { customer: deleted }, world.sandbox);
      await stage.join(stage.ids);
      await pushTags(ctxOf(stage), stage.shopId);
      await stage.pushToTheEnd();
      expect(inShopify(fits)).toHaveLength(250);
      expect(inShopify(fits)).toContain('regulars-a');
      expect(inShopify(full).sort()).toEqual([...many].sort());
      expect(await why(stage, fits)).toEqual([]);
      expect(await why(stage, full)).toEqual([
        'The customer already has 250 tags, which is Shopify’s limit.',
      ]);
      expect(await why(stage, deleted)).toEqual(['The customer no longer exists in Shopify.']);
      for (const id of others) expect(inShopify(id)).toEqual(['regulars-a']);
      expect(await stage.outbox()).toEqual([]);
      const failed = (await stage.receipts()).filter(({ outcome }) => outcome === 'failed');
      expect(new Set(failed.map(({ customer }) => customer))).toEqual(new Set([full, deleted]));
      // Room was made, and they are compared again: the reason goes with the tag.
      setTags(full, many.slice(10));
      await told(stage);
      await stage.join([]);
      await world.testDb.db.inShop(stage.shopId, (tx) =>
        tx.query(sql`
        INSERT INTO tag_outbox (shop_id, customer_id, queued_at, not_before)
        VALUES (${stage.shopId}, ${full}::bigint, ${new Date()}, ${new Date(0)})`),
      );
      await pushTags(stage.ctx, stage.shopId);
      expect(inShopify(full)).toContain('regulars-a');
      expect(await why(stage, full)).toEqual([]);
    },
  );
});
