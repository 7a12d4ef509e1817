/** When a shop's night begins: a few minutes after its local midnight, spread over shops so that they do not all begin at once. */
import { addDays, localDateOf, startOfDay } from '../local-date.ts';

const FIRST_MINUTE = 3;
const SPREAD_MINUTES = 12;

/** The first night after `now` (business time). */
export function nextNight(now: Date, timeZone: string, shopId: string): Date {
  const minutes = FIRST_MINUTE + Number(BigInt(shopId) % BigInt(SPREAD_MINUTES));
  const of = (date: ReturnType<typeof localDateOf>) =>
    new Date(startOfDay(date, timeZone).getTime() + minutes * 60_000);
  const today = localDateOf(now, timeZone);
  const tonight = of(today);
  return tonight > now ? tonight : of(addDays(today, 1));
}
