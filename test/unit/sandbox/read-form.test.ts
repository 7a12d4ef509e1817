import { describe, expect, it } from 'vitest';
import { readForm } from '../../../sandbox/bulk/read-form.ts';
import { HttpError } from '../../../sandbox/http/route.ts';
import type { SandboxRequest } from '../../../sandbox/http/route.ts';

async function* chunksOf(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
}

function request(body: string | Buffer, size: number, type = 'multipart/form-data; boundary="b-b"') {
  return {
    headers: { 'content-type': type },
    stream: chunksOf(Buffer.from(body), size),
  } as unknown as SandboxRequest;
}

async function read(given: SandboxRequest) {
  let file: string | undefined;
  let fields: Record<string, string> = {};
  await readForm(given, async (told, chunks) => {
    fields = Object.fromEntries(told);
    const parts: Buffer[] = [];
    for await (const chunk of chunks) parts.push(chunk);
    file = Buffer.concat(parts).toString('utf8');
  });
  return { fields, file };
}

const part = (name: string, value: string) =>
  `--b-b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
/** Much that looks like the boundary and is not. */
const FILE = 'a\r\n--b-\r\n--b-c\r\n\r\n--\r\r\n--b\r\n{"é":"--b-b"}\r\n';
let fresh = 0;
const FORM = `${part('key', 'tmp/1')}${part('x', '')}${part('file', FILE)}--b-b--\r\n`;

describe('a multipart form', () => {
  it('is the same however it is cut into chunks', async () => {
    for (let size = 1; size <= 60; size += 1) {
      expect(await read(request(FORM, size)), `chunks of ${size}`).toEqual({
        fields: { key: 'tmp/1', x: '' },
        file: FILE,
      });
    }
  });

  it('that is cut off, has no file, or goes on after it is refused', async () => {
    const refused = [
      FORM.slice(0, -4),
      FORM.slice(0, 40),
      '',
      `${part('key', 'x')}--b-b--\r\n`,
      FORM.replace(/--b-b--\r\n$/, `${part('more', 'x')}--b-b--\r\n`),
      part('key', 'x'.repeat(100_000)),
      part('x', '')
        .repeat(60)
        .replace(/"x"/g, () => `"x${(fresh += 1)}"`),
    ];
    for (const body of refused) {
      await expect(read(request(body, 7)), body.slice(0, 30)).rejects.toBeInstanceOf(HttpError);
    }
    await expect(read(request(FORM, 7, 'application/json'))).rejects.toMatchObject({ status: 400 });
  });
});
