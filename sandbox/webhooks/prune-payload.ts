/**
 * `include_fields` of a subscription. A path goes through objects and lists
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
