/**
 * Customers judged by their tags alone: those of a generated store of whom nothing but tags is asked are never made.
 * In the order of the base, then the added ones.
 */
import type { BaseCustomers } from './base-records.ts';
import type { Id, SandboxCustomer } from './model.ts';
import type { RecordTable } from './record-table.ts';
import type { TagChanges } from './tag-changes.ts';

/** `maybe`: the tags do not decide. */
export type Verdict = 'yes' | 'no' | 'maybe';
export interface TagJudge {
  ofTags(tags: readonly string[]): Verdict;
  /** True for somebody who must be looked at whatever the tags say. */
  isOpen(id: Id): boolean;
  /** Whether `isOpen` can be true for anybody. */
  anyOpen: boolean;
}

/** Null for every customer that is out, so that whoever reads can stop now and then. */
export function* idsByTags(
  base: BaseCustomers | undefined,
  customers: RecordTable<SandboxCustomer>,
  changes: TagChanges | undefined,
  judge: TagJudge,
): Generator<{ id: Id; customer: SandboxCustomer | undefined } | null> {
  const judgeIn = (id: () => Id, verdict: Verdict): Verdict =>
    judge.anyOpen && judge.isOpen(id()) ? 'maybe' : verdict;
  if (base) {
    const ofBits = judgeOfBits(base, judge);
    const ofLists = new Map<readonly string[], Verdict>();
    for (let index = 0; index < base.count; index += 1) {
      const id = () => base.idAt(index);
      if (!customers.isBase(index)) {
        const customer = customers.at(index);
        yield customer && judgeIn(id, judge.ofTags(customer.tags)) !== 'no' ? { id: id(), customer } : null;
        continue;
      }
      const list = changes?.tagsAt(index);
      let verdict = list ? ofLists.get(list) : ofBits(index);
      if (list && !verdict) ofLists.set(list, (verdict = judge.ofTags(list)));
      const found = judgeIn(id, verdict ?? 'maybe');
      if (found === 'no') yield null;
      else yield { id: id(), customer: found === 'yes' ? undefined : customers.at(index) };
    }
  }
  for (const customer of customers.written()) {
    if (base && base.indexOf(customer.id) !== -1) continue;
    const verdict = judgeIn(() => customer.id, judge.ofTags(customer.tags));
    yield verdict === 'no' ? null : { id: customer.id, customer };
  }
}

/** Few distinct sets of tags stand for all customers of a base. */
function judgeOfBits(base: BaseCustomers, judge: TagJudge): (index: number) => Verdict {
  const bits = base.tagBits();
  const names = [...base.tags];
  const known = new Map<number, Verdict>();
  return (index) => {
    const mine = bits[index] as number;
    let verdict = known.get(mine);
    if (!verdict) {
      verdict = judge.ofTags(names.flatMap(([tag, bit]) => (mine & (1 << bit) ? [tag] : [])));
      known.set(mine, verdict);
    }
    return verdict;
  };
}
