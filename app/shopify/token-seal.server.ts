/** Tokens as they lie in the session table: encrypted, and bound to their shop so that rows cannot be swapped. */
import type { Cipher } from '../cipher.server.ts';

const MARK = 'sealed:';

export function sealToken(cipher: Cipher, shop: string, token: string): string {
  if (token === '') return '';
  return MARK + cipher.encrypt(Buffer.from(token, 'utf8'), `token:${shop}`).toString('base64');
}

/** @returns '' for a token that is not there or not sealed by us; @throws AppError 'config' when no key opens it */
export function openToken(cipher: Cipher, shop: string, sealed: string): string {
  if (!sealed.startsWith(MARK)) return '';
  return cipher.decrypt(Buffer.from(sealed.slice(MARK.length), 'base64'), `token:${shop}`).toString('utf8');
}
