import { describe, expect, it } from 'vitest';
import { findRoute } from '../../../sandbox/http/router.ts';
import type { Route } from '../../../sandbox/http/route.ts';

const route = (path: string, method: Route['method'] = 'GET'): Route => ({
  method,
  path,
  handle: () => ({}),
});
const routes = [
  route('/'),
  route('/store/:name'),
  route('/store/:name/apps/regulars/*rest'),
  route('/store/:name/customers/:id'),
  route('/store/demo/customers/new'),
  route('/control/clock'),
  route('/control/clock', 'POST'),
];
const find = (method: string, path: string) => {
  const match = findRoute(routes, method, path);
  return match.outcome === 'found' ? [match.route.path, match.params] : match;
};

describe('routes', () => {
  it('match by part, fixed ones first', () => {
    expect(find('GET', '/')).toEqual(['/', {}]);
    expect(find('GET', '/store/a%20b')).toEqual(['/store/:name', { name: 'a b' }]);
    expect(find('GET', '/store/x/customers/5')).toEqual([
      '/store/:name/customers/:id',
      { name: 'x', id: '5' },
    ]);
    expect(find('GET', '/store/demo/customers/new')).toEqual(['/store/demo/customers/new', {}]);
    expect(find('HEAD', '/control/clock')).toEqual(['/control/clock', {}]);
  });

  it('match a tail, also an empty one', () => {
    expect(find('GET', '/store/x/apps/regulars/a/b')).toEqual([
      '/store/:name/apps/regulars/*rest',
      { name: 'x', rest: 'a/b' },
    ]);
    expect(find('GET', '/store/x/apps/regulars')).toEqual([
      '/store/:name/apps/regulars/*rest',
      { name: 'x', rest: '' },
    ]);
  });

  it('tell a wrong method from a wrong address', () => {
    expect(find('PUT', '/control/clock')).toEqual({ outcome: 'wrong_method', allowed: ['GET', 'POST'] });
    expect(find('GET', '/store')).toEqual({ outcome: 'none' });
    expect(find('GET', '/store/')).toEqual({ outcome: 'none' });
    expect(find('GET', '/store/%')).toEqual(['/store/:name', { name: '%' }]);
  });
});
