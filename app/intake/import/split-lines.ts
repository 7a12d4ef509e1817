/**
 * Bytes to lines, wherever the bytes were cut: in the middle of a line or of a character. Memory holds one line
 * at a time, and a line has a limit, so that a broken file cannot fill it.
 */
import { AppError } from '../../app-error.ts';

export const MAX_LINE_BYTES = 16 * 1024 * 1024;
const NEWLINE = 0x0a;
const RETURN = 0x0d;

export interface Line {
  /** Without its end ("\n" or "\r\n"). */
  text: string;
  /** Offset of the first byte after the line and its end: where a reader goes on. */
  end: bigint;
  /** Did the line's end come? The last line of a file that was cut off has none. */
  whole: boolean;
}

/**
 * @param from offset of the first byte of `bytes` in the file
 * @throws AppError 'bad_payload' for a line over the limit
 */
export async function* splitLines(
  bytes: AsyncIterable<Uint8Array>,
  from: bigint,
  limit = MAX_LINE_BYTES,
): AsyncGenerator<Line> {
  const decoder = new TextDecoder();
  let parts: Uint8Array[] = [];
  let held = 0;
  let end = from;

  function take(last: Uint8Array): string {
    const line = parts.length === 0 ? last : Buffer.concat([...parts, last]);
    parts = [];
    held = 0;
    return decoder.decode(line.at(-1) === RETURN ? line.subarray(0, -1) : line);
  }
  function hold(length: number): void {
    held += length;
    if (held > limit) {
      throw new AppError('bad_payload', 'A line of Shopify’s result file is too long to be read.', {
        context: { offset: end.toString(), limit },
      });
    }
  }

  for await (const chunk of bytes) {
    let start = 0;
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, start)) {
      hold(at - start);
      end += BigInt(held + 1);
      yield { text: take(chunk.subarray(start, at)), end, whole: true };
      start = at + 1;
    }
    if (start < chunk.length) {
      hold(chunk.length - start);
      // A copy: the source may use its buffer again.
      parts.push(chunk.slice(start));
    }
  }
  if (held > 0) {
    end += BigInt(held);
    yield { text: take(new Uint8Array()), end, whole: false };
  }
}
