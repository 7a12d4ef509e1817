import type { BaseCustomers } from './base-records.ts';
import type { SandboxCustomer } from './model.ts';
import type { RecordTable } from './record-table.ts';
import type { TagChanges } from './tag-changes.ts';

/** Customers of each tag. Those of a base are counted by their bits, so that a million costs no record. */
export function countTags(
  base: BaseCustomers | undefined,
  customers: RecordTable<SandboxCustomer>,
  changes: TagChanges | undefined,
): Map<string, number> {
  const counts = new Map<string, number>();
  const add = (tags: readonly string[], times = 1) => {
    for (const tag of tags) counts.set(tag, (counts.get(tag) ?? 0) + times);
  };
  if (base && base.count > 0) {
    const bits = base.tagBits();
    const byBits = new Map<number, number>();
    const byList = new Map<readonly string[], number>();
    for (let index = 0; index < bits.length; index += 1) {
      if (!customers.isBase(index)) continue;
      const list = changes?.tagsAt(index);
      if (list) byList.set(list, (byList.get(list) ?? 0) + 1);
      else byBits.set(bits[index] as number, (byBits.get(bits[index] as number) ?? 0) + 1);
    }
    for (const [list, times] of byList) add(list, times);
    for (const [mine, times] of byBits) {
      add(
        [...base.tags].flatMap(([tag, bit]) => ((mine >>> bit) & 1 ? tag : [])),
        times,
      );
    }
  }
  for (const { tags } of customers.written()) add(tags);
  return counts;
}
