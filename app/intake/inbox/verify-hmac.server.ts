/**
 * The signature of a webhook: base64 HMAC-SHA256 of the raw body with the app's secret. Compared in constant
 * time, against every secret that is in force, whatever the first one said. Our own check and not the
 * library's, because that one loads sessions and may call the network; a property test holds the two together.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';

/** @param secrets the current one, and while it is being rotated the one before */
export function verifyHmac(
  rawBody: Buffer,
  signature: string | undefined,
  secrets: readonly [string, ...string[]],
): boolean {
  if (!signature) return false;
  const given = Buffer.from(signature);
  let good = false;
  for (const secret of secrets) {
    const expected = Buffer.from(createHmac('sha256', secret).update(rawBody).digest('base64'));
    // Same length always, so that a comparison is made in any case.
    const comparable = given.length === expected.length ? given : Buffer.alloc(expected.length);
    if (timingSafeEqual(comparable, expected)) good = true;
  }
  return good;
}
