/**
 * Versions of the Admin API as of late November 2026: a version is supported for twelve months, a quarter's next
 * one can be had as a release candidate. Older ones fall forward to the oldest that is supported.
 */
export const API_VERSION = '2026-10';
export const SUPPORTED_VERSIONS = ['2026-01', '2026-04', '2026-07', '2026-10'] as const;
const CANDIDATE = '2027-01';
const FIRST_YEAR = 2019;

export interface ServedVersion {
  /** What the answer's X-Shopify-API-Version says. */
  handle: string;
  /** Whose schema answers. The candidate's is not published yet: `unstable` stands for it (an assumption). */
  schema: string;
}

/** Undefined: there is no such version. */
export function servedVersion(asked: string): ServedVersion | undefined {
  if (asked === 'unstable') return { handle: asked, schema: asked };
  if (asked === CANDIDATE) return { handle: asked, schema: 'unstable' };
  const match = /^(\d{4})-(01|04|07|10)$/.exec(asked);
  if (!match || Number(match[1]) < FIRST_YEAR || asked > CANDIDATE) return undefined;
  const supported = SUPPORTED_VERSIONS.find((version) => version === asked);
  const handle = supported ?? SUPPORTED_VERSIONS[0];
  return { handle, schema: handle };
}
