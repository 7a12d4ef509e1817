/**
 * Members of a segment query, as settled. All of a store are found in stretches between which others are served; the
 * answer is kept until a record changes, so that paging through a million looks once.
 */
import { localDateOf } from '../../app/local-date.ts';
import { evaluateQuery } from '../segment-query/evaluate-query.ts';
import { parseSegmentQuery } from '../segment-query/parse-query.ts';
import type { QueryNode } from '../segment-query/query.ts';
import type { SandboxCustomer } from '../store/model.ts';
import type { Store } from '../store/store.ts';
import { judgeTags } from './judge-tags.ts';
import { StoreSubject } from './query-subject.ts';
import { segmentIndexOf, settledCustomer } from './segment-index.ts';

const STRETCH_MS = 10;
const KEPT = 8;

interface Kept {
  state: string;
  ids: readonly number[];
}

const kept = new WeakMap<Store, Map<string, Kept>>();

/** Without a zone: the store's own. */
export function isMember(store: Store, query: string, customer: SandboxCustomer, timeZone?: string): boolean {
  const zone = timeZone ?? store.shop.ianaTimezone;
  return fits(store, parseSegmentQuery(query), customer, zone, todayIn(store, zone));
}

/** Ids as numbers, ascending. @throws SegmentQueryFault */
export async function findMembers(
  store: Store,
  query: string,
  timeZone?: string,
): Promise<readonly number[]> {
  const zone = timeZone ?? store.shop.ianaTimezone;
  const today = todayIn(store, zone);
  const node = parseSegmentQuery(query);
  const key = JSON.stringify([query, zone, today]);
  const state = stateOf(store);
  let answers = kept.get(store);
  if (!answers) kept.set(store, (answers = new Map()));
  const known = answers.get(key);
  const behind = segmentIndexOf(store).isBehind();
  if (known?.state === state && !behind) return known.ids;

  const ids = await look(store, node, zone, today, behind);
  answers.delete(key);
  if (!behind && stateOf(store) === state) {
    answers.set(key, { state, ids });
    const [oldest] = answers.keys();
    if (answers.size > KEPT && oldest !== undefined) answers.delete(oldest);
  }
  return ids;
}

async function look(store: Store, node: QueryNode, zone: string, today: string, behind: boolean) {
  const index = segmentIndexOf(store);
  const steps = store.idsByTags({
    ofTags: (tags) => judgeTags(node, tags),
    isOpen: (id) => index.isPending('customer', id),
    anyOpen: behind,
  });
  const ids: number[] = [];
  let since = performance.now();
  let count = 0;
  for (const step of steps) {
    if (step && (!step.customer || fits(store, node, step.customer, zone, today))) ids.push(Number(step.id));
    count += 1;
    if (count % 256 === 0 && performance.now() - since > STRETCH_MS) {
      await new Promise((resolve) => setImmediate(resolve));
      since = performance.now();
    }
  }
  return ids.sort((a, b) => a - b);
}

function fits(
  store: Store,
  node: QueryNode,
  customer: SandboxCustomer,
  zone: string,
  today: string,
): boolean {
  const settled = settledCustomer(store, customer);
  return settled !== undefined && evaluateQuery(node, new StoreSubject(store, settled, zone), today);
}

function todayIn(store: Store, zone: string): string {
  return localDateOf(store.clock.now(), zone);
}

function stateOf(store: Store): string {
  return [store.revision('customer'), store.revision('order'), store.revision('product')].join(' ');
}
