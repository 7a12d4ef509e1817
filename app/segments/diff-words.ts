/** What is different between two versions of a segment, in words. */
import { printCondition, printRule, type PrintOptions } from './print-rule.ts';
import { conditionsOf, type Rule } from './rule.ts';
import { canonical } from './segment-change.ts';
import { holdWords, type SegmentSettings } from './segment-settings.ts';

export interface SaidBySegment {
  rule: Rule;
  settings: SegmentSettings;
}

/** One sentence a difference; empty when there is none. */
export function diffWords(before: SaidBySegment, after: SaidBySegment, print: PrintOptions): string[] {
  return [
    ...ruleDiff(before.rule, after.rule, print),
    ...settingsDiff(before.settings, after.settings, print),
  ];
}

function ruleDiff(before: Rule, after: Rule, print: PrintOptions): string[] {
  if (canonical(before) === canonical(after)) return [];
  const words = (rule: Rule) => conditionsOf(rule.where).map((condition) => printCondition(condition, print));
  const [had, has] = [words(before), words(after)];
  const gone = without(had, has).map((text) => `No longer asked: ${text}.`);
  const come = without(has, had).map((text) => `Now asked: ${text}.`);
  // The same conditions in other groups, or another wait: only the whole sentence says it.
  if (gone.length + come.length > 0) return [...gone, ...come];
  return [`Before: ${printRule(before, print)}`, `Now: ${printRule(after, print)}`];
}

/** The texts of `some` that `others` do not have, each as often as it is missing. */
function without(some: readonly string[], others: readonly string[]): string[] {
  const left = [...others];
  return some.filter((text) => {
    const at = left.indexOf(text);
    if (at < 0) return true;
    left.splice(at, 1);
    return false;
  });
}

function settingsDiff(before: SegmentSettings, after: SegmentSettings, print: PrintOptions): string[] {
  const words = (settings: SegmentSettings) => settingsWords(settings, print);
  const [had, has] = [words(before), words(after)];
  return [
    ...without(had, has).map((text) => `No longer: ${text}`),
    ...without(has, had).map((text) => `Now: ${text}`),
  ];
}

/** The settings of a segment, one sentence each. */
export function settingsWords(settings: SegmentSettings, print: PrintOptions): string[] {
  const { keep, hold, minimumStayDays, rejoinAfterDays, lastDay } = settings;
  const days = (count: number) => `${count} ${count === 1 ? 'day' : 'days'}`;
  return [
    ...(keep ? [`Who is in stays as long as this holds: ${printRule(keep, print)}`] : []),
    ...(hold ? [holdWords(hold)] : []),
    ...(minimumStayDays === undefined ? [] : [`Members stay for ${days(minimumStayDays)} at least.`]),
    ...(rejoinAfterDays === undefined ? [] : [`Who has left can come back after ${days(rejoinAfterDays)}.`]),
    ...(lastDay === undefined ? [] : [`The list ends after ${lastDay}.`]),
  ];
}
