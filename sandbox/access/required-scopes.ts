/**
 * The schema says in prose which scopes a type or a field needs ("`read_orders` access scope or
 * `read_marketplace_orders` access scope. Also: ..."). This reads that prose. What it says of the permissions of
 * a person does not concern an app's offline token, and is passed over.
 */

/** Every group needs one of its scopes. */
export type RequiredScopes = readonly (readonly string[])[];

/**
 * @param change the text belongs to a mutation
 * @returns no group when the text names no scope (then every app has access)
 */
export function readRequiredScopes(text: string | null | undefined, change = false): RequiredScopes {
  if (!text) return [];
  const [main = '', ...also] = text.split(/ Also: /);
  const [query = ''] = main.split(/ for queries /);
  const find = (part: string) => scopesIn(part, change);
  const groups = query.split(/ and /).map(find);
  // "Also: Requires `read_returns` access scope": a second condition of the app's; all else there is advice.
  const further = also.filter((part) => /^Requires (the )?`/.test(part)).map(find);
  return [...groups, ...further].filter((group) => group.length > 0);
}

/** "`orders` access scope" stands for writing them in a mutation, else for reading or writing. */
function scopesIn(text: string, change: boolean): string[] {
  return [...text.matchAll(/`([a-z_]+)`([^`]*)/g)].flatMap(([, name = '', rest = '']) => {
    if (/^[^,]*user permission/.test(rest) || /^ permissions?\b/.test(rest)) return [];
    if (/^(read|write|unauthenticated)_/.test(name)) return [name];
    return change ? [`write_${name}`] : [`read_${name}`, `write_${name}`];
  });
}

/** A scope to write includes that to read. */
export function withReadScopes(scopes: readonly string[]): ReadonlySet<string> {
  return new Set(scopes.flatMap((scope) => [scope, scope.replace(/^write_/, 'read_')]));
}

export function hasScopes(granted: ReadonlySet<string> | 'all', required: RequiredScopes): boolean {
  return granted === 'all' || required.every((group) => group.some((scope) => granted.has(scope)));
}
