/**
 * A rule as people write it: the same JSON with money in major units (1000 or "1000.00" instead of 100000), for docs,
 * files, the command line and other stores. What is stored has minor units. One function each way.
 */
import { currencyExponent, decimalOf, parseMinor } from '../money.ts';
import { fieldOf, isFieldKey } from './fields.ts';
import {
  conditionsOf,
  childrenOf,
  isCondition,
  parseRule,
  type Condition,
  type ParsedRule,
  type Rule,
  type RuleFault,
  type RuleNode,
} from './rule.ts';

/** Stored -> portable. What comes out is read back to the same rule by `fromPortable` with the same currency. */
export function toPortable(rule: Rule, currency: string): unknown {
  const node = (one: RuleNode): unknown => {
    if (isCondition(one)) return major(one, currency);
    const group = 'all' in one ? 'all' : 'any' in one ? 'any' : 'none';
    return { [group]: childrenOf(one).map(node) };
  };
  return { ...rule, where: node(rule.where) };
}

/**
 * Portable -> stored, from unknown JSON. Faults have the path to the fault; amounts with more decimals than the
 * currency has are faults.
 */
export function fromPortable(json: unknown, currency: string): ParsedRule {
  const faults: RuleFault[] = [];
  // Whatever is not a rule is left as it is: parseRule says what is wrong with it.
  const node = (one: unknown, path: readonly (string | number)[], depth: number): unknown => {
    if (typeof one !== 'object' || one === null || Array.isArray(one) || depth > 10) return one;
    const given = one as Record<string, unknown>;
    for (const group of ['all', 'any', 'none']) {
      const children = given[group];
      if (Array.isArray(children) && Object.keys(given).length === 1) {
        return { [group]: children.map((child, i) => node(child, [...path, group, i], depth + 1)) };
      }
    }
    return isMoney(given) ? { ...given, value: minorOfValue(given['value'], path) } : one;
  };
  const minorOfValue = (value: unknown, path: readonly (string | number)[]): unknown => {
    if (Array.isArray(value)) return value.map((one, i) => minor(one, [...path, 'value', i]));
    return minor(value, [...path, 'value']);
  };
  const minor = (value: unknown, path: readonly (string | number)[]): unknown => {
    const text = typeof value === 'number' ? String(value) : value;
    if (typeof text !== 'string') return value;
    const decimals = text.split('.')[1]?.length ?? 0;
    const amount = parseMinor(text, currency);
    const fault = (message: string) => {
      faults.push({ path: path.join('.'), message });
      return 0;
    };
    if (amount === undefined) return fault(`must be an amount in ${currency}, such as 100`);
    if (decimals > currencyExponent(currency)) {
      return fault(`must not have more than ${currencyExponent(currency)} decimals in ${currency}`);
    }
    return amount > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(amount);
  };
  const given = json as { where?: unknown } | null;
  const isObject = typeof json === 'object' && json !== null && !Array.isArray(json);
  const parsed = parseRule(isObject ? { ...json, where: node(given?.where, ['where'], 0) } : json);
  if (faults.length === 0) return parsed;
  return { ok: false, faults: [...faults, ...(parsed.ok ? [] : parsed.faults)] };
}

/** Whether a rule holds amounts of money: those mean something else in another currency. */
export function asksForMoney(rule: Rule): boolean {
  return conditionsOf(rule.where).some((condition) => isMoney(condition) && condition.value !== undefined);
}

function isMoney({ field }: { field?: unknown }): boolean {
  return isFieldKey(field) && fieldOf(field).type === 'money';
}

function major(condition: Condition, currency: string): unknown {
  if (!isMoney(condition) || condition.value === undefined) return condition;
  const one = (minor: unknown) => Number(decimalOf(BigInt(minor as number), currency));
  const { value } = condition;
  return { ...condition, value: Array.isArray(value) ? value.map(one) : one(value) };
}
