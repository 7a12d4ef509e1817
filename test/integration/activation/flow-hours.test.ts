/** The hours in which people may be written to: those that the merchant set. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { releaseWaiting } from '../../../app/activation/flow/release-waiting.server.ts';
import { setContactHours } from '../../../app/activation/set-reach.server.ts';
import { addDays, atHour, startOfDay, type LocalDate } from '../../../app/local-date.ts';
import { createReachWorld, type ReachWorld } from '../../support/reach-world.ts';

const BERLIN = 'Europe/Berlin';
const DAY = '2026-11-28' as LocalDate;

let reach: ReachWorld;
beforeEach(async () => {
  reach = await createReachWorld();
}, 120_000);
afterEach(() => reach.close());

test('from 11 to 18 o’clock: who left at midnight is told about at 11, not a second before', async () => {
  await reach.in((tx) => setContactHours(tx, { from: 11, to: 18 }));
  const opens = atHour(DAY, 11, BERLIN);
  await reach.goTo(startOfDay(DAY, BERLIN));
  await reach.goTo(new Date(opens.getTime() - 1_000));
  await reach.sendFlow();
  expect(reach.told()).toEqual([]);
  await reach.goTo(opens);
  await reach.sendFlow();
  expect(reach.told()).toEqual(['customer-left-segment c160 VIP date']);
});

test('past 18 o’clock the next day’s 11 is waited for', async () => {
  await reach.in((tx) => setContactHours(tx, { from: 11, to: 18 }));
  await reach.goTo(startOfDay(DAY, BERLIN));
  reach.world.sandbox.clock.set(atHour(DAY, 18, BERLIN));
  const nextDay = atHour(addDays(DAY, 1), 11, BERLIN);
  expect(await reach.in((tx) => releaseWaiting(tx, reach.now()))).toEqual(nextDay);
  await reach.sendFlow();
  expect(reach.told()).toEqual([]);
});
