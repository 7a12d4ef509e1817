/**
 * The tag of an offer that is over goes, whatever becomes of a held change of the same people: discarded before the tag
 * has gone, or while it is being written; by the end of an offer, or of the days that one person keeps it.
 */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { settleOfferDay } from '../../../app/activation/offers/settle-offer-day.server.ts';
import { claimBatch } from '../../../app/activation/tags/claim-batch.server.ts';
import { sql } from '../../../app/db/sql.ts';
import { atHour, type LocalDate } from '../../../app/local-date.ts';
import { decideHeldChange } from '../../../app/pipeline/decide-held-change.server.ts';
import { readHeldChanges } from '../../../app/pipeline/held-change.server.ts';
import { createReachWorld, type ReachWorld } from '../../support/reach-world.ts';

const noon = (date: string) => atHour(date as LocalDate, 12, 'Europe/Berlin');
/** Leave by date on 1 March, three of eight: held. */
const LEAVERS = [160, 140, 120];

let reach: ReachWorld;
beforeEach(async () => {
  reach = await createReachWorld({ presets: true });
  await reach.world.push(reach.shopId);
  await offer('Thanks', '2027-12-01');
  await reach.goTo(noon('2027-03-01'));
  expect(await reach.in(readHeldChanges)).toMatchObject([{ cause: 'loss', affected: 3 }]);
  await push();
}, 120_000);
afterEach(() => reach.close());

const push = () => reach.world.push(reach.shopId);
const tagged = (tag: string) =>
  [...reach.world.store.customers()].filter(({ tags }) => tags.includes(tag)).length;
const offer = (name: string, endsOn: string, segment = 'vip') =>
  reach.rows(sql`
    INSERT INTO offer (shop_id, segment_id, name, tag_name, terms, state, starts_on, ends_on, keep_days, way, made_at)
    SELECT shop_id, id, ${name}::text, lower(${name}::text),
           '{"gives":{"kind":"percentage","percent":10,"on":{"all":true}},"combines":{"product":false,"order":false,"shipping":true},"once":false}',
           'running', '2026-11-01', ${endsOn}::date, 14, 'native', ${reach.now()}::timestamptz
      FROM segment WHERE shop_id = ${reach.shopId} AND key = ${segment}`);
/** The leavers hold it: its tag is in the store, and ours. */
async function held(name: string, until: string | null = null): Promise<void> {
  const [tag, ids] = [`regulars-${name.toLowerCase()}`, LEAVERS.map(reach.idOf)];
  await reach.rows(sql`
    INSERT INTO offer_holder (shop_id, offer_id, customer_id, since, cause, until)
    SELECT o.shop_id, o.id, person, o.made_at, 'start', ${until}::date FROM offer o, unnest(${ids}::bigint[]) person
     WHERE o.shop_id = ${reach.shopId} AND o.name = ${name}`);
  for (const id of ids) {
    const customer = reach.world.store.customer(id);
    if (customer) reach.world.store.putCustomer({ ...customer, tags: [...customer.tags, tag] });
  }
  await reach.rows(sql`
    INSERT INTO tag_owned (shop_id, customer_id, tag_key, tag, added_at)
    SELECT ${reach.shopId}::bigint, id, ${tag}, ${tag}, '2026-12-01T00:00:00Z' FROM unnest(${ids}::bigint[]) AS id`);
  await reach.rows(sql`
    UPDATE customer SET tags = array_append(tags, ${tag}) WHERE shop_id = ${reach.shopId} AND id = ANY(${ids}::bigint[])`);
  expect(tagged(tag)).toBe(3);
}
const newDay = () => settleOfferDay(reach.world.ctx, reach.shopId, reach.now());
async function discard(): Promise<void> {
  const [change] = await reach.in(readHeldChanges);
  const wish = { id: change?.id ?? '', decision: 'discard' as const, actor: '42', now: reach.now() };
  expect(await decideHeldChange(reach.world.ctx, reach.shopId, wish)).toMatchObject({ outcome: 'done' });
}
/** The loss was discarded: who left keeps the tag. */
const EVERYBODY = 8;
const outbox = () => reach.rows(sql`SELECT 1 FROM tag_outbox WHERE shop_id = ${reach.shopId}`);

test('discarded before the tag of the ended offer has gone: it goes, and only it', async () => {
  await offer('Spring', '2027-02-28', 'win-back-365');
  await held('Spring');
  await newDay();
  await discard();
  await push();
  expect([tagged('regulars-spring'), tagged('regulars-vip')]).toEqual([0, EVERYBODY]);
  expect(await outbox()).toEqual([]);
}, 60_000);

test('discarded while a writer has them, and its answer is lost: the same', async () => {
  await offer('Spring', '2027-02-28', 'win-back-365');
  await held('Spring');
  await newDay();
  const times = { machineNow: reach.world.ctx.clock.machineNow(), now: reach.now() };
  const claim = await reach.in((tx) =>
    claimBatch(tx, { writer: 'w', ...times, leaseMs: 15_000, maxCustomers: 100, way: 'single' }),
  );
  expect(claim.writes.map(({ add, remove }) => [add, remove])).toEqual(Array(3).fill([[], ['regulars-spring']])); // prettier-ignore
  await discard();
  await reach.rows(sql`UPDATE tag_outbox SET claimed_until = NULL WHERE shop_id = ${reach.shopId}`);
  await push();
  expect([tagged('regulars-spring'), tagged('regulars-vip')]).toEqual([0, EVERYBODY]);
  expect(await outbox()).toEqual([]);
}, 60_000);

test('after a discard whatever else changes for them is written with it', async () => {
  await offer('Spring', '2027-02-28', 'win-back-365');
  await held('Spring');
  await newDay();
  await discard();
  // Two of the three have been away for a year: 379 and 419 days.
  await reach.turnOn(['win-back-365']);
  await push();
  expect([tagged('regulars-spring'), tagged('regulars-vip')]).toEqual([0, EVERYBODY - 2]);
}, 60_000);

test('the days that they keep an offer are over while they wait: its tag goes then; a discard does not bring it back', async () => {
  await held('Thanks', '2027-03-15');
  await reach.goTo(noon('2027-03-20'));
  await newDay();
  await push();
  expect([tagged('regulars-thanks'), tagged('regulars-vip')]).toEqual([0, EVERYBODY]);
  await discard();
  await push();
  expect([tagged('regulars-thanks'), tagged('regulars-vip')]).toEqual([0, EVERYBODY]);
}, 60_000);
