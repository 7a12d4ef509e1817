/**
 * `include_fields` and `filter` of a subscription. A path goes through objects and lists
 * ("line_items.id" keeps the id of every line); a path that names an object keeps all of it.
 */
import type { Wire } from './payload/wire-values.ts';

interface PathTree {
  [key: string]: PathTree | true;
}

function treeOf(paths: readonly string[]): PathTree {
  const root: PathTree = {};
  for (const path of paths) {
    const steps = path.split('.');
    let node = root;
    for (const [index, step] of steps.entries()) {
      const existing = node[step];
      if (existing === true) break;
      if (index === steps.length - 1) node[step] = true;
      else node = node[step] = existing ?? {};
    }
  }
  return root;
}

function keep(value: unknown, tree: PathTree): unknown {
  if (Array.isArray(value)) return value.map((item) => keep(item, tree));
  if (value === null || typeof value !== 'object') return value;
  const result: Wire = {};
  for (const [key, inner] of Object.entries(value)) {
    const below = Object.hasOwn(tree, key) ? tree[key] : undefined;
    if (below === true) result[key] = inner;
    else if (below !== undefined) result[key] = keep(inner, below);
  }
  return result;
}

/** The payload with nothing but the named fields, in the payload's own order. No fields: all of it. */
export function prunePayload(payload: Wire, includeFields: readonly string[]): Wire {
  if (includeFields.length === 0) return payload;
  return keep(payload, treeOf(includeFields)) as Wire;
}

/**
 * Shopify's search syntax as far as subscriptions need it here: `field:value` terms, joined by AND.
 * @throws on any other syntax, rather than letting too much or too little through.
 */
export function passesFilter(payload: Wire, filter: string | null): boolean {
  if (filter === null) return true;
  return filter.split(/\s+AND\s+/).every((term) => {
    const match = /^([a-z_.]+):([^\s:*"()<>]+)$/.exec(term.trim());
    if (!match) throw new Error(`The sandbox does not understand the webhook filter "${filter}"`);
    const [, path = '', wanted] = match;
    let value: unknown = payload;
    for (const step of path.split('.')) value = (value as Wire | null | undefined)?.[step];
    return String(value) === wanted;
  });
}
