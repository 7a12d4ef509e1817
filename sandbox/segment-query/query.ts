/**
 * Shopify's segment query language as a tree. Grammar and filter names from Shopify's reference guide of customer
 * segments; what the guide leaves open is marked where it is decided.
 */
export type Comparator = '=' | '!=' | '<' | '<=' | '>' | '>=';

export type QueryValue =
  | { kind: 'number'; value: number }
  | { kind: 'text'; value: string }
  | { kind: 'boolean'; value: boolean }
  /** "2026-11-22" */
  | { kind: 'date'; value: string }
  /** "-30d", "today", "12_months_ago" */
  | { kind: 'relative'; amount: number; unit: 'd' | 'w' | 'm' | 'y' };

export type Test =
  | { op: 'compare'; comparator: Comparator; value: QueryValue }
  | { op: 'between'; from: QueryValue; to: QueryValue }
  | { op: 'in'; values: QueryValue[]; negated: boolean }
  | { op: 'contains'; value: QueryValue; negated: boolean }
  | { op: 'null'; negated: boolean }
  | { op: 'matches'; parameters: { name: string; test: Test }[]; negated: boolean };

export interface Clause {
  attribute: string;
  test: Test;
}

export type QueryNode = { and: QueryNode[] } | { or: QueryNode[] } | { not: QueryNode } | Clause;

/** A query that Shopify would not take, in its form: "Query Line 1 Column 6: 'valid' is unexpected." */
export class SegmentQueryFault extends Error {
  /** Every fault that Shopify would name, this one first. */
  readonly messages: readonly string[];

  constructor(query: string, at: number, what: string, also: { at: number; what: string }[] = []) {
    const messages = [{ at, what }, ...also].map((fault) => `${placeIn(query, fault.at)}: ${fault.what}`);
    super(messages[0]);
    this.messages = messages;
  }
}

function placeIn(query: string, at: number): string {
  const before = query.slice(0, at).split('\n');
  return `Query Line ${before.length} Column ${(before.at(-1) ?? '').length}`;
}
