/**
 * AES-256-GCM for what must not lie in clear in the database: access tokens and inbox payloads.
 * Layout: 1 byte version, 12 bytes nonce, 16 bytes tag, ciphertext. The newest key encrypts; all decrypt, so
 * a key is rotated by putting the new one first. `purpose` is authenticated: a token cannot be read as a payload.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { AppError } from './app-error.ts';

const VERSION = 1;

export interface Cipher {
  encrypt(plain: Buffer, purpose: string): Buffer;
  /** @throws AppError 'config' when no key opens it */
  decrypt(sealed: Buffer, purpose: string): Buffer;
}

export function createCipher(keys: readonly [Buffer, ...Buffer[]]): Cipher {
  return {
    encrypt(plain, purpose) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', keys[0], nonce).setAAD(Buffer.from(purpose));
      const body = Buffer.concat([cipher.update(plain), cipher.final()]);
      return Buffer.concat([Buffer.from([VERSION]), nonce, cipher.getAuthTag(), body]);
    },
    decrypt(sealed, purpose) {
      if (sealed[0] === VERSION && sealed.length >= 29) {
        for (const key of keys) {
          const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(1, 13), {
            authTagLength: 16,
          });
          decipher.setAAD(Buffer.from(purpose)).setAuthTag(sealed.subarray(13, 29));
          try {
            return Buffer.concat([decipher.update(sealed.subarray(29)), decipher.final()]);
          } catch {
            continue; // another key
          }
        }
      }
      throw new AppError(
        'config',
        'Stored data could not be decrypted: is ENCRYPTION_KEY the one it was written with?',
      );
    },
  };
}
