import { createSegment } from '../../app/segments/create-segment.server.ts';
import { ARITHMETIC_NOON } from './arithmetic-store.ts';
import { createArithmeticShop, type SegmentShop } from './segment-shop.ts';
import type { TestDb } from './test-db.ts';

/** The arithmetic shop with drafts of people who spent much, are away, or came lately; two of them have a memory. */
export async function createRichAwayShop(t: TestDb): Promise<SegmentShop> {
  const shop = await createArithmeticShop(t);
  await shop.in(async (tx) => {
    const make = async (name: string, where: unknown, settings: unknown = {}) => {
      const rule = { v: 1, where };
      const made = await createSegment(tx, { name, rule, settings, actor: 'test', now: ARITHMETIC_NOON });
      if (made.outcome !== 'done') throw new Error(made.outcome);
    };
    await make('Rich', { field: 'spent', op: 'gte', value: 15_000 }, { minimumStayDays: 5 });
    await make('Away', { field: 'days_since_last_activity', op: 'gte', value: 90 });
    await make(
      'Recent',
      { field: 'days_since_last_activity', op: 'lte', value: 60 },
      { rejoinAfterDays: 30 },
    );
  });
  return shop;
}
