/** Finds the route of a request. Fixed parts win over named ones, named ones over a tail, in that order of routes. */
import type { Route } from './route.ts';

export type RouteMatch =
  | { outcome: 'found'; route: Route; params: Record<string, string> }
  | { outcome: 'wrong_method'; allowed: string[] }
  | { outcome: 'none' };

export function findRoute(routes: readonly Route[], method: string, pathname: string): RouteMatch {
  const allowed = new Set<string>();
  let best: { route: Route; params: Record<string, string>; weight: number } | undefined;
  for (const route of routes) {
    const match = matchPath(route.path, pathname);
    if (!match) continue;
    allowed.add(route.method);
    if (route.method !== method && !(method === 'HEAD' && route.method === 'GET')) continue;
    if (!best || match.weight > best.weight) best = { route, ...match };
  }
  if (best) return { outcome: 'found', route: best.route, params: best.params };
  return allowed.size > 0 ? { outcome: 'wrong_method', allowed: [...allowed] } : { outcome: 'none' };
}

function matchPath(
  pattern: string,
  pathname: string,
): { params: Record<string, string>; weight: number } | undefined {
  const wanted = pattern.split('/').slice(1);
  const given = pathname.split('/').slice(1);
  const params: Record<string, string> = {};
  let weight = 0;
  for (const [index, part] of wanted.entries()) {
    weight *= 3;
    if (part.startsWith('*')) {
      params[part.slice(1)] = given.slice(index).map(decode).join('/');
      return { params, weight: weight * 3 ** (20 - index) };
    }
    const value = given[index];
    if (value === undefined) return undefined;
    if (part.startsWith(':')) {
      if (value === '') return undefined;
      params[part.slice(1)] = decode(value);
      weight += 1;
    } else if (part === value) weight += 2;
    else return undefined;
  }
  return wanted.length === given.length ? { params, weight: weight * 3 ** (21 - wanted.length) } : undefined;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
