import { describe, expect, test } from 'vitest';
import {
  areContactHours,
  CONTACT_HOURS,
  untilContactHours,
} from '../../../app/activation/flow/contact-hours.ts';
import { composeFlowMutation, flowAnswerOf } from '../../../app/activation/flow/flow-mutation.ts';
import { FLOW_HANDLES, flowPayload } from '../../../app/activation/flow/flow-words.ts';
import { metafieldValues } from '../../../app/activation/metafields/metafield-values.ts';
import { planMetafields } from '../../../app/activation/metafields/plan-metafields.ts';
import { explainDifference } from '../../../app/activation/native-segments/explain-difference.ts';
import {
  planNativeSegment,
  type NativeRow,
} from '../../../app/activation/native-segments/plan-native-segment.ts';
import { differenceWords } from '../../../app/ui/reach/reach-words.ts';

describe('around the change of the clocks', () => {
  // Berlin: 25 October 2026 has 25 hours, 28 March 2027 has 23.
  const hours = { from: 9, to: 20 };
  test.each([
    ['the night before summer time ends', '2026-10-25T00:30:00Z', '2026-10-25T08:00:00Z'],
    ['a minute before nine, winter time', '2026-10-25T07:59:00Z', '2026-10-25T08:00:00Z'],
    ['the evening before', '2026-10-24T18:00:00Z', '2026-10-25T08:00:00Z'],
    ['the night in which summer time begins', '2027-03-28T00:30:00Z', '2027-03-28T07:00:00Z'],
    ['the evening before it', '2027-03-27T19:00:00Z', '2027-03-28T07:00:00Z'],
  ])('%s', (_, now, opens) => {
    expect(untilContactHours(new Date(now), hours, 'Europe/Berlin')?.toISOString()).toBe(
      new Date(opens).toISOString(),
    );
  });
  test.each(['2026-10-25T08:00:00Z', '2026-10-25T18:59:59Z', '2027-03-28T07:00:00Z', '2027-03-28T17:59:59Z'])(
    'within them: %s',
    (now) => expect(untilContactHours(new Date(now), hours, 'Europe/Berlin')).toBeNull(),
  );
});

describe('contact hours', () => {
  const until = (now: string, hours = CONTACT_HOURS) =>
    untilContactHours(new Date(now), hours, 'Europe/Berlin')?.toISOString() ?? null;

  test.each([
    ['2026-11-28T00:00:00+01:00', '2026-11-28T08:00:00.000Z'],
    ['2026-11-28T08:59:59.999+01:00', '2026-11-28T08:00:00.000Z'],
    ['2026-11-28T09:00:00+01:00', null],
    ['2026-11-28T19:59:59.999+01:00', null],
    ['2026-11-28T20:00:00+01:00', '2026-11-29T08:00:00.000Z'],
    // The night in which the clocks go forward, and back.
    ['2027-03-27T22:00:00+01:00', '2027-03-28T07:00:00.000Z'],
    ['2026-10-24T22:00:00+02:00', '2026-10-25T08:00:00.000Z'],
  ])('%s waits until %s', (now, then) => expect(until(now)).toBe(then));

  test('all day is never waited for; hours that make no sense are none', () => {
    expect(until('2026-11-28T03:00:00Z', { from: 0, to: 24 })).toBeNull();
    expect(areContactHours({ from: 9, to: 9 })).toBe(false);
    expect(areContactHours({ from: -1, to: 9 })).toBe(false);
    expect(areContactHours({ from: 9, to: 25 })).toBe(false);
    expect(areContactHours({ from: 9.5, to: 20 })).toBe(false);
    expect(areContactHours({ from: 0, to: 24 })).toBe(true);
  });
});

describe('what Flow is told', () => {
  test('the fields of the extensions, and handles that fit', () => {
    const message = { trigger: 'left', customerId: '6895000000193', title: 'VIP', detail: 'clock' } as const;
    expect(flowPayload(message)).toEqual({
      customer_id: 6895000000193,
      'Segment Name': 'VIP',
      Cause: 'date',
    });
    expect(flowPayload({ trigger: 'attention', customerId: null, title: 'S', detail: 'M' })).toEqual({
      Subject: 'S',
      Message: 'M',
    });
    for (const handle of Object.values(FLOW_HANDLES)) expect(handle).toMatch(/^[a-z0-9-]{1,30}$/);
    const { document, variables } = composeFlowMutation([message, message]);
    expect(document).not.toContain('VIP');
    expect(Object.keys(variables)).toEqual(['handle0', 'payload0', 'handle1', 'payload1']);
  });

  test('each answer is one of three', () => {
    const data = {
      trigger0: { userErrors: [] },
      trigger1: { userErrors: [{ message: "Invalid handle 'x'." }] },
      trigger2: { userErrors: [{ message: 'Type error' }] },
      trigger3: null,
    };
    expect([0, 1, 2, 3, 4].map((at) => flowAnswerOf(data, at).kind)).toEqual([
      'done',
      'later',
      'refused',
      'later',
      'later',
    ]);
  });
});

describe('metafields', () => {
  const source = {
    segments: ['VIP', 'Says "hi"'],
    lifeCycle: 'Best customers',
    spentMinor: 120_000n,
    predictedMinor: 1_050n,
    chance: 0.8349,
    tier: 'Gold',
    tierHold: '2027-12-31',
    currency: 'EUR',
  };

  test('values as Shopify stores them; money by the currency’s own decimals', () => {
    expect(metafieldValues(source)).toEqual({
      segments: '["VIP","Says \\"hi\\""]',
      life_cycle: 'Best customers',
      spent: '{"amount":"1200.00","currency_code":"EUR"}',
      predicted_value: '{"amount":"10.50","currency_code":"EUR"}',
      chance: '0.83',
      tier: 'Gold',
      tier_hold: '2027-12-31',
    });
    expect(metafieldValues({ ...source, currency: 'JPY', spentMinor: 1200n }).spent).toBe(
      '{"amount":"1200","currency_code":"JPY"}',
    );
    const nothing = { lifeCycle: null, predictedMinor: null, chance: null, tier: null, tierHold: null };
    expect(Object.keys(metafieldValues({ ...source, ...nothing, segments: [] }))).toEqual(['spent']);
    const many = Array.from({ length: 300 }, (_, at) => `s${at}`);
    expect(JSON.parse(metafieldValues({ ...source, segments: many }).segments ?? '')).toHaveLength(128);
  });

  test('only what differs is set, on the digest that was seen; what is not known any more is removed', () => {
    const digest = (value: string) => `#${value}`;
    expect(
      planMetafields(
        { values: { spent: 'b', tier: 'Gold', chance: '0.1' }, tierStands: false },
        { spent: ['#a', 'seen'], tier: ['#Gold', 'x'], life_cycle: ['#y', 'z'] },
        digest,
      ),
    ).toEqual({
      set: [
        { key: 'spent', value: 'b', compareDigest: 'seen' },
        { key: 'chance', value: '0.1', compareDigest: null },
      ],
      remove: ['life_cycle'],
    });
  });

  test('the last day of a tier that stands still is left, unless another tier is in the store', () => {
    const digest = (value: string) => `#${value}`;
    const plan = (inStore: string | undefined, day: string | undefined, tierStands = true) =>
      planMetafields(
        { values: { tier: 'Gold', ...(day ? { tier_hold: day } : {}) }, tierStands },
        inStore ? { tier: [`#${inStore}`, 'x'], tier_hold: ['#2027-01-01', 'y'] } : {},
        digest,
      );
    const keys = ({ set, remove }: ReturnType<typeof plan>) => [...set.map(({ key }) => key), ...remove];
    expect(keys(plan('Gold', '2028-01-01'))).toEqual([]);
    expect(keys(plan('Gold', undefined))).toEqual([]);
    expect(keys(plan('Gold', '2028-01-01', false))).toEqual(['tier_hold']);
    expect(keys(plan('Gold', undefined, false))).toEqual(['tier_hold']);
    expect(keys(plan('Silver', '2028-01-01'))).toEqual(['tier', 'tier_hold']);
    expect(keys(plan(undefined, '2028-01-01'))).toEqual(['tier', 'tier_hold']);
  });
});

describe('one segment in Shopify', () => {
  const wanted = { name: 'Regulars: VIP', query: 'q' };
  const row: NativeRow = {
    segmentId: '1',
    shopifyId: '7',
    name: 'Regulars: VIP',
    query: 'q',
    state: 'made',
    markName: 'Regulars: VIP',
    markQuery: 'q',
  };
  const found = { id: '7', name: 'Regulars: VIP', query: 'q' };

  test.each([
    ['not wanted, not there', null, null, null, { act: 'nothing' }],
    ['wanted, unknown', wanted, null, null, { act: 'create', again: false }],
    [
      'wanted, begun and not recorded',
      wanted,
      { ...row, shopifyId: null, state: 'making' },
      null,
      { act: 'create', again: false },
    ],
    ['deleted by somebody', wanted, row, null, { act: 'create', again: true }],
    ['as it should be', wanted, row, found, { act: 'nothing' }],
    ['with Shopify’s number', wanted, row, { ...found, name: 'Regulars: VIP (2)' }, { act: 'nothing' }],
    [
      'renamed by somebody',
      wanted,
      row,
      { ...found, name: 'Mine' },
      { act: 'update', name: 'Regulars: VIP', query: null, repaired: 'renamed' },
    ],
    [
      'edited by somebody',
      wanted,
      row,
      { ...found, query: 'x' },
      { act: 'update', name: null, query: 'q', repaired: 'query' },
    ],
    [
      'renamed here',
      { ...wanted, name: 'Regulars: Top' },
      row,
      found,
      { act: 'update', name: 'Regulars: Top', query: null, repaired: null },
    ],
    ['after a reinstall', wanted, { ...row, state: 'left' }, found, { act: 'adopt' }],
    ['turned off', null, row, found, { act: 'delete' }],
    [
      'turned off, begun and not recorded',
      null,
      { ...row, shopifyId: null, state: 'making' },
      null,
      { act: 'delete' },
    ],
    ['turned off, gone already', null, row, null, { act: 'forget' }],
    ['left behind, not wanted yet', null, { ...row, state: 'left' }, found, { act: 'nothing' }],
  ] as const)('%s', (_, want, stored, inShopify, act) => {
    expect(planNativeSegment(want, stored, inShopify)).toEqual(act);
  });
});

test('every difference has its cause and a sentence', () => {
  const base = { native: 'tag', members: 7, expected: 8, pending: 0, without: 0, differsAt: null } as const;
  const now = new Date('2026-11-22T12:00:00Z');
  const long = new Date('2026-11-22T10:00:00Z');
  const causes = [
    explainDifference({ ...base, members: 8 }, now),
    explainDifference({ ...base, members: null }, now),
    explainDifference({ ...base, pending: 1 }, now),
    explainDifference({ ...base, without: 1 }, now),
    explainDifference(base, now),
    explainDifference({ ...base, differsAt: long }, now),
    explainDifference({ ...base, native: 'rule', differsAt: long, pending: 5 }, now),
  ];
  expect(causes.map(({ cause }) => cause)).toEqual([
    'none',
    'not_counted',
    'pending',
    'without',
    'settling',
    'drift',
    'definition',
  ]);
  for (const one of causes.slice(2)) expect(differenceWords(one)).toMatch(/^1 fewer in Shopify/);
});
