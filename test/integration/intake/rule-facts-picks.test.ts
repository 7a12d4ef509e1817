/** Postal codes and metafields: kept only as far as the merchant picked them. */
import { describe, expect, test } from 'vitest';
import type { ShopId } from '../../../app/db/tenancy.server.ts';
import type { Fact, MetafieldValue } from '../../../app/intake/facts.ts';
import { setMetafields, setPostalCode } from '../../../app/pipeline/change-picks.server.ts';
import { at, customer } from './fact-makers.ts';
import { clock, metafields, zip, ruleFactsStage } from './rule-facts-stage.ts';

const stage = ruleFactsStage();
const { apply, rows } = stage;

describe('postal codes and metafields', () => {
  const birthday = (value: string | null): MetafieldValue => ({
    key: 'custom.birthday',
    type: 'date',
    value,
  });
  const zips = (shop: ShopId) => rows(shop, 'SELECT zip FROM customer ORDER BY id');
  const fields = (shop: ShopId) =>
    rows(
      shop,
      `SELECT customer_id AS id, namespace_key AS key, value, number_value AS number, date_value AS date
         FROM customer_metafield ORDER BY 1, 2`,
    );
  const turn = (shop: ShopId, on: boolean, preview = false) =>
    stage.t.db.inShop(shop, (tx) => setPostalCode(tx, on, { clock, preview }));
  const pick = (shop: ShopId, list: { key: string; type: string }[], preview = false) =>
    stage.t.db.inShop(shop, (tx) => setMetafields(tx, list, { clock, preview }));

  test('a postal code is kept only while the switch is on', async () => {
    const shop = await stage.t.createShop();
    await apply(shop, customer('1', 1), zip('1', 2, '01067'));
    expect(await zips(shop)).toEqual([{ zip: null }]);
    await turn(shop, true);
    await apply(shop, zip('1', 3, '01067'));
    expect(await zips(shop)).toEqual([{ zip: '01067' }]);
    expect(await turn(shop, false, true)).toMatchObject({ changed: true, emptied: 1, reading: 'nothing' });
    expect(await zips(shop)).toEqual([{ zip: '01067' }]);
    expect(await turn(shop, false)).toMatchObject({ changed: true, emptied: 1, reading: 'nothing' });
    // A read that was under way comes too late.
    await apply(shop, zip('1', 9, '01067'));
    expect(await rows(shop, 'SELECT zip, zip_stamp FROM customer')).toEqual([{ zip: null, zip_stamp: null }]);
    expect(await rows(shop, `SELECT kind FROM background_run`)).toEqual([{ kind: 'rule' }]);
    expect(await turn(shop, false)).toMatchObject({ changed: false });
  });

  test('values by their type; what is none of it is empty', async () => {
    const shop = await stage.t.createShop();
    await stage.t.db.inShop(shop, (tx) =>
      tx.query(`UPDATE shop_settings SET iana_timezone = 'Europe/Berlin'`),
    );
    const types = [
      'single_line_text_field',
      'number_integer',
      'number_decimal',
      'boolean',
      'date',
      'date_time',
    ];
    const done = await pick(
      shop,
      types.map((type) => ({ key: `custom.${type}`, type })),
    );
    expect(done).toMatchObject({ outcome: 'done', effect: { changed: true, reading: 'with_first_import' } });
    const good = ['tea', '-7', '1.25', 'true', '1990-02-28', '2026-11-01T23:30:00Z'];
    const values = (list: (string | null)[]) =>
      types.map((type, i) => ({ key: `custom.${type}`, type, value: list[i] ?? null }));
    await apply(shop, customer('1', 1), customer('2', 1));
    await apply(shop, metafields('1', 2, values(good)));
    await apply(shop, metafields('2', 2, values(['', 'many', '1e9', 'yes', '2026-02-30', 'soon'])));
    const stored = await fields(shop);
    expect(stored.filter(({ id }) => id === '1')).toEqual([
      { id: '1', key: 'custom.boolean', value: 'true', number: null, date: null },
      { id: '1', key: 'custom.date', value: '1990-02-28', number: null, date: '1990-02-28' },
      { id: '1', key: 'custom.date_time', value: '2026-11-01T23:30:00Z', number: null, date: '2026-11-02' },
      { id: '1', key: 'custom.number_decimal', value: '1.25', number: '1.250000000', date: null },
      { id: '1', key: 'custom.number_integer', value: '-7', number: '-7.000000000', date: null },
      { id: '1', key: 'custom.single_line_text_field', value: 'tea', number: null, date: null },
    ]);
    expect(stored.filter(({ id, value }) => id === '2' && value !== null)).toEqual([
      { id: '2', key: 'custom.single_line_text_field', value: '', number: null, date: null },
    ]);
  });

  test('only what is picked is kept; the later read wins; a change touches the customer', async () => {
    const shop = await stage.t.createShop();
    await pick(shop, [{ key: 'custom.birthday', type: 'date' }]);
    await apply(shop, customer('1', 1));
    const first = metafields('1', 3, [
      birthday('1990-01-01'),
      { key: 'custom.other', type: 'boolean', value: 'true' },
    ]);
    expect([...(await apply(shop, first))]).toEqual([['1', 'edit']]);
    expect([...(await apply(shop, metafields('1', 4, [birthday('1990-01-01')])))]).toEqual([]);
    expect([...(await apply(shop, metafields('1', 2, [birthday('1980-01-01')])))]).toEqual([]);
    expect(await fields(shop)).toMatchObject([{ id: '1', key: 'custom.birthday', date: '1990-01-01' }]);
    expect([...(await apply(shop, metafields('1', 6, [birthday(null)])))]).toEqual([['1', 'edit']]);
    expect([...(await apply(shop, metafields('1', 5, [birthday('1990-01-01')])))]).toEqual([]);
    expect(await fields(shop)).toMatchObject([{ value: null, date: null }]);
    await pick(shop, []);
    expect(await fields(shop)).toEqual([]);
  });

  test.each([
    ['eleven', Array.from({ length: 11 }, (_, i) => ({ key: `custom.f${i}`, type: 'date' })), 'too_many'],
    ['a list', [{ key: 'custom.sizes', type: 'list.single_line_text_field' }], 'type'],
    ['a reference', [{ key: 'custom.file', type: 'file_reference' }], 'type'],
    ['no key', [{ key: 'birthday', type: 'date' }], 'not_a_key'],
    ['a quote', [{ key: 'custom.a"}b', type: 'date' }], 'not_a_key'],
    ['one twice', [1, 2].map(() => ({ key: 'custom.birthday', type: 'date' })), 'twice'],
  ])('%s: refused, and nothing changes', async (_name, list, why) => {
    const shop = await stage.t.createShop();
    expect(await pick(shop, list)).toMatchObject({ outcome: 'refused', refusal: { why } });
    expect(await rows(shop, 'SELECT metafields FROM shop_settings')).toEqual([{ metafields: [] }]);
  });

  test('after the first import a new pick is read in the background; runs wait for each other', async () => {
    const shop = await stage.t.createShop();
    await apply(shop, customer('1', 1));
    await stage.t.db.inShop(shop, (tx) =>
      tx.query(`UPDATE shop_settings SET first_imported_at = '2026-01-01'`),
    );
    expect(await turn(shop, true)).toEqual({
      changed: true,
      emptied: 0,
      reading: 'in_background',
      customers: 1,
    });
    const parts = () =>
      rows(shop, 'SELECT run_id, kind, state, byte_offset FROM import_part ORDER BY run_id, kind');
    expect(await parts()).toMatchObject([{ kind: 'customers', state: 'starting' }]);
    const { rows: due } = await stage.t.db.pool.query(`SELECT work FROM shop_due WHERE shop_id = ${shop}`);
    expect(due).toContainEqual({ work: 'import' });
    // Another pick while it reads: its customers are read once more, by the new picks.
    await stage.t.db.inShop(shop, (tx) =>
      tx.query(`UPDATE import_part SET state = 'loading', byte_offset = 99`),
    );
    await pick(shop, [{ key: 'custom.birthday', type: 'date' }]);
    expect(await parts()).toMatchObject([{ kind: 'customers', state: 'starting', byte_offset: '0' }]);
    // Past reading, the run is left alone and another waits.
    await stage.t.db.inShop(shop, (tx) => tx.query(`UPDATE import_run SET step = 'profiles'`));
    await pick(shop, [{ key: 'custom.tier', type: 'single_line_text_field' }]);
    expect(await parts()).toHaveLength(2);
  });

  test('a customer’s message has what is picked read again, and nothing where nothing is picked', async () => {
    const wish: Fact = { kind: 'reread', object: 'customer', id: '1', reason: 'picks', when: 'picks' };
    const shop = await stage.t.createShop();
    await apply(shop, customer('1', 1), wish);
    expect(await rows(shop, 'SELECT object_id FROM reread')).toEqual([]);
    await turn(shop, true);
    await apply(shop, customer('1', 2), wish);
    expect(await rows(shop, 'SELECT kind, object_id FROM reread')).toEqual([
      { kind: 'customer', object_id: '1' },
    ]);
  });

  test('they go with a removed and with a merged customer', async () => {
    const shop = await stage.t.createShop();
    await pick(shop, [{ key: 'custom.birthday', type: 'date' }]);
    for (const id of ['1', '2', '3']) {
      await apply(shop, customer(id, 1), metafields(id, 2, [birthday('1990-01-01')]));
    }
    await apply(shop, { kind: 'merge', keptId: '2', deletedId: '1' });
    await apply(shop, { kind: 'customer', id: '3', deletedAt: at(9) });
    expect((await fields(shop)).map(({ id }) => id)).toEqual(['2']);
    await apply(
      shop,
      metafields('1', 10, [birthday('1990-01-01')]),
      metafields('3', 10, [birthday('1990-01-01')]),
    );
    expect((await fields(shop)).map(({ id }) => id)).toEqual(['2']);
  });
});
