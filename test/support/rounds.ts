/** How often a test that can be repeated at will is: `npm test` takes the fast form, `npm run test:long` the long one. */
export function rounds({ fast, long }: { fast: number; long: number }): number {
  return isLong() ? long : fast;
}

export function isLong(): boolean {
  return process.env['LONG_TESTS'] === '1';
}
