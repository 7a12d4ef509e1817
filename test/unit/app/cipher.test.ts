import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { createCipher } from '../../../app/cipher.server.ts';

const text = Buffer.from('shpat_0123456789');

test('what is sealed opens with the same key and purpose only', () => {
  const cipher = createCipher([randomBytes(32)]);
  const sealed = cipher.encrypt(text, 'token');
  expect(cipher.decrypt(sealed, 'token').equals(text)).toBe(true);
  expect(() => cipher.decrypt(sealed, 'payload')).toThrow(/ENCRYPTION_KEY/);
  expect(() => createCipher([randomBytes(32)]).decrypt(sealed, 'token')).toThrow(/ENCRYPTION_KEY/);
});

test('one changed bit anywhere is noticed', () => {
  const cipher = createCipher([randomBytes(32)]);
  const sealed = cipher.encrypt(text, 'token');
  for (let at = 0; at < sealed.length; at++) {
    const changed = Buffer.from(sealed);
    changed[at] = (changed[at] ?? 0) ^ 1;
    expect(() => cipher.decrypt(changed, 'token')).toThrow();
  }
});

test('after a rotation the new key seals and the old one still opens', () => {
  const [oldKey, newKey] = [randomBytes(32), randomBytes(32)];
  const sealed = createCipher([oldKey]).encrypt(text, 'token');
  const rotated = createCipher([newKey, oldKey]);
  expect(rotated.decrypt(sealed, 'token').equals(text)).toBe(true);
  expect(createCipher([newKey]).decrypt(rotated.encrypt(text, 'token'), 'token').equals(text)).toBe(true);
});
