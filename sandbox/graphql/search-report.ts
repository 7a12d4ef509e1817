import type { GraphQLResolveInfo } from 'graphql';
import type { GraphContext, SearchReport } from './context.ts';

/** Notes for a search of this field; what they say goes into `extensions.search` when something was left out. */
export function searchNotes(
  query: string | null | undefined,
  context: GraphContext,
  info: GraphQLResolveInfo,
): SearchReport {
  const path: (string | number)[] = [];
  for (let at: GraphQLResolveInfo['path'] | undefined = info.path; at; at = at.prev) path.unshift(at.key);
  const report: SearchReport = { path, query: query ?? '', parsed: null, warnings: [] };
  if (query) context.searches?.push(report);
  return report;
}
