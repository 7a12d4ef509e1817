/** What an inbox payload is encrypted for: one shop's cannot be read as another's, nor as a token. */
export function payloadPurpose(shopId: string): string {
  return `inbox:${shopId}`;
}
