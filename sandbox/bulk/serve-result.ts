/** A result over HTTP, as storage serves it: length, ranges; or as a fault has it: cut, packed, with other ends of lines. */
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { Readable, Transform } from 'node:stream';
import { createGzip } from 'node:zlib';
import type { Chance, Faults } from '../faults/faults.ts';
import type { SandboxAnswer, SandboxRequest } from '../http/route.ts';

const HEADERS = { 'content-type': 'application/jsonl', 'accept-ranges': 'bytes' };

export async function serveResult(
  request: SandboxRequest,
  path: string,
  faults: Faults,
  chance: Chance,
): Promise<SandboxAnswer> {
  // A look at the headers, or at the first bytes, is no download.
  const range = rangeOf(request, (await stat(path)).size);
  if (request.method === 'GET' && (!range || range.end - range.start > 64)) {
    const spoilt = await spoiltAnswer(request, path, faults, chance);
    if (spoilt) return spoilt;
  }
  return plainAnswer(request, path);
}

/** GET with Content-Length; one range is honoured (206), an impossible one refused (416). */
async function plainAnswer(request: SandboxRequest, path: string): Promise<SandboxAnswer> {
  const { size } = await stat(path);
  const range = rangeOf(request, size);
  if (!range) {
    return { headers: { ...HEADERS, 'content-length': String(size) }, body: createReadStream(path) };
  }
  const { start, end } = range;
  if (start >= size || start > end) {
    return { status: 416, headers: { ...HEADERS, 'content-range': `bytes */${size}` } };
  }
  return {
    status: 206,
    headers: {
      ...HEADERS,
      'content-range': `bytes ${start}-${end}/${size}`,
      'content-length': String(end - start + 1),
    },
    body: createReadStream(path, { start, end }),
  };
}

function rangeOf(request: SandboxRequest, size: number): { start: number; end: number } | undefined {
  const range = /^bytes=(\d*)-(\d*)$/.exec(request.headers.range ?? '');
  if (!range || (range[1] === '' && range[2] === '')) return undefined;
  return {
    start: range[1] === '' ? Math.max(0, size - Number(range[2])) : Number(range[1]),
    end: range[1] === '' || range[2] === '' ? size - 1 : Math.min(Number(range[2]), size - 1),
  };
}

async function spoiltAnswer(
  request: SandboxRequest,
  path: string,
  faults: Faults,
  chance: Chance,
): Promise<SandboxAnswer | undefined> {
  const cut = faults.strike('result-cut', chance);
  if (cut) {
    const { at, how } = cut.settings;
    const size = await cutAt(path, at);
    const plain = await plainAnswer(request, path);
    const start = /^bytes (\d+)-/.exec(plain.headers?.['content-range'] ?? '')?.[1] ?? '0';
    const left = Math.max(0, size - Number(start));
    if (how === 'transfer') return { ...plain, breakAt: left };
    if (plain.body instanceof Readable) plain.body.destroy();
    return {
      headers: { ...HEADERS, 'content-length': String(size) },
      body: size === 0 ? '' : createReadStream(path, { end: size - 1 }),
    };
  }
  if (faults.strike('result-crlf', chance)) {
    return { headers: HEADERS, body: createReadStream(path).pipe(withCrLf()) };
  }
  const packed = faults.strike('result-gzip', chance);
  if (packed) {
    const told: Record<string, string> = packed.settings.told ? { 'content-encoding': 'gzip' } : {};
    const headers = { 'content-type': 'application/jsonl', ...told };
    return { headers, body: createReadStream(path).pipe(createGzip()) };
  }
  const long = faults.strike('result-long-line', chance);
  return long
    ? { headers: HEADERS, body: Readable.from(withLongLine(path, long.settings.megabytes)) }
    : undefined;
}

/** A place after the middle of the file: in a line, or between the bytes of one character if there is such a one. */
async function cutAt(path: string, at: 'middle-of-line' | 'middle-of-character'): Promise<number> {
  const handle = await open(path);
  try {
    const { size } = await handle.stat();
    const from = Math.floor(size / 2);
    const { buffer, bytesRead } = await handle.read(
      Buffer.alloc(1024 * 1024),
      0,
      1024 * 1024,
      at === 'middle-of-line' ? from : 0,
    );
    const bytes = buffer.subarray(0, bytesRead);
    if (at === 'middle-of-character') {
      const lead = bytes.findIndex((byte) => byte >= 0xc2);
      return lead === -1 ? from : lead + 1;
    }
    const newline = bytes.indexOf(10);
    // Ten bytes into the next line; or simply here, when there is no next one.
    const into = from + newline + 11;
    return newline === -1 || into >= size ? from : into;
  } finally {
    await handle.close();
  }
}

function withCrLf(): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      done(null, Buffer.from(chunk.toString('latin1').replaceAll('\n', '\r\n'), 'latin1'));
    },
  });
}

/** One line of so many megabytes before the others; a customer that nobody knows, so that nothing changes. */
async function* withLongLine(path: string, megabytes: number): AsyncGenerator<Buffer> {
  yield Buffer.from('{"id":"gid://shopify/Customer/0","note":"');
  const part = Buffer.alloc(1024 * 1024, 'x');
  for (let written = 0; written < megabytes; written += 1) yield part;
  yield Buffer.from('"}\n');
  for await (const chunk of createReadStream(path)) yield chunk as Buffer;
}

/** As Google's storage answers an address whose time is over. */
export function expiredAnswer(): SandboxAnswer {
  return {
    status: 400,
    headers: { 'content-type': 'application/xml; charset=UTF-8' },
    body: "<?xml version='1.0' encoding='UTF-8'?><Error><Code>ExpiredToken</Code><Message>Invalid argument.</Message><Details>Request signature expired</Details></Error>",
  };
}
