import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../app/app-error.ts';
import { splitLines, type Line } from '../../../app/intake/import/split-lines.ts';

async function* pieces(bytes: Uint8Array, cuts: number[]): AsyncGenerator<Uint8Array> {
  const at = [...new Set([0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length])].sort(
    (a, b) => a - b,
  );
  const shared = new Uint8Array(bytes.length);
  for (let i = 0; i + 1 < at.length; i += 1) {
    // One buffer for all pieces, as a network may do: what is kept must be a copy.
    const piece = bytes.subarray(at[i], at[i + 1]);
    shared.set(piece);
    yield shared.subarray(0, piece.length);
    shared.fill(0x21);
  }
}

async function all(source: AsyncIterable<Uint8Array>, from = 0n, limit?: number): Promise<Line[]> {
  const lines: Line[] = [];
  for await (const line of splitLines(source, from, limit)) lines.push(line);
  return lines;
}

describe('lines of a result file', () => {
  it('are the same wherever the bytes were cut, in the middle of a character too', async () => {
    const word = fc.string({ unit: 'grapheme', maxLength: 12 }).map((text) => text.replace(/[\r\n]/g, ''));
    await fc.assert(
      fc.asyncProperty(
        fc.array(word, { maxLength: 8 }),
        fc.constantFrom('\n', '\r\n'),
        fc.array(fc.nat(), { maxLength: 12 }),
        async (words, ending, cuts) => {
          const texts = words.map((text) => text.toWellFormed());
          const bytes = new TextEncoder().encode(texts.map((text) => text + ending).join(''));
          const lines = await all(pieces(bytes, cuts));
          expect(lines.map(({ text }) => text)).toEqual(texts);
          expect(lines.every(({ whole }) => whole)).toBe(true);
          expect(lines.at(-1)?.end ?? 0n).toBe(BigInt(bytes.length));
          // Going on at any line's end gives the rest.
          for (const [index, line] of lines.entries()) {
            const rest = await all(pieces(bytes.subarray(Number(line.end)), cuts), line.end);
            expect(rest).toEqual(lines.slice(index + 1));
          }
        },
      ),
    );
  });

  it('tell a last line that has no end', async () => {
    const bytes = new TextEncoder().encode('{"a":1}\n{"b":"é');
    expect(await all(pieces(bytes, [3, 15]), 100n)).toEqual([
      { text: '{"a":1}', end: 108n, whole: true },
      { text: '{"b":"é', end: 116n, whole: false },
    ]);
  });

  it('have a limit', async () => {
    async function* endless() {
      for (let i = 0; i < 1000; i += 1) yield new Uint8Array(1024).fill(0x61);
    }
    await expect(all(endless(), 0n, 10 * 1024)).rejects.toThrow(AppError);
    const fits = new TextEncoder().encode(`${'a'.repeat(10)}\n`);
    expect(await all(pieces(fits, [4]), 0n, 10)).toHaveLength(1);
    await expect(all(pieces(fits, [4]), 0n, 9)).rejects.toThrow('too long');
  });
});
