/** VIP on the arithmetic store. */
import { vipRule as ruleOf } from '../../support/vip-rule.ts';

/** At least so much within 365 days, in major units. */
export const vipRule = (amount: number, countAfterDays?: number) => ruleOf(amount * 100, countAfterDays);

export const EIGHT_VIPS = [20, 40, 60, 80, 100, 120, 140, 160];
