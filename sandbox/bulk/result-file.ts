/** A result on disk, written as the operation goes and served with ranges: never one giant string. */
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import type { SandboxAnswer, SandboxRequest } from '../http/route.ts';

export class ResultFile {
  readonly path: string;
  #handle: FileHandle;
  bytes = 0;
  lines = 0;

  private constructor(path: string, handle: FileHandle) {
    this.path = path;
    this.#handle = handle;
  }

  static async create(path: string): Promise<ResultFile> {
    return new ResultFile(path, await open(path, 'w'));
  }

  async append(lines: readonly string[]): Promise<void> {
    if (lines.length === 0) return;
    const text = Buffer.from(`${lines.join('\n')}\n`);
    await this.#handle.writeFile(text);
    this.bytes += text.length;
    this.lines += lines.length;
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}

/** GET with Content-Length; one range is honoured (206), an impossible one refused (416). */
export async function serveResult(request: SandboxRequest, path: string): Promise<SandboxAnswer> {
  const { size } = await stat(path);
  const headers = { 'content-type': 'application/jsonl', 'accept-ranges': 'bytes' };
  const range = /^bytes=(\d*)-(\d*)$/.exec(request.headers.range ?? '');
  if (!range || (range[1] === '' && range[2] === '')) {
    return {
      headers: { ...headers, 'content-length': String(size) },
      body: createReadStream(path),
    };
  }
  const start = range[1] === '' ? Math.max(0, size - Number(range[2])) : Number(range[1]);
  const end = range[1] === '' || range[2] === '' ? size - 1 : Math.min(Number(range[2]), size - 1);
  if (start >= size || start > end) {
    return { status: 416, headers: { ...headers, 'content-range': `bytes */${size}` } };
  }
  return {
    status: 206,
    headers: {
      ...headers,
      'content-range': `bytes ${start}-${end}/${size}`,
      'content-length': String(end - start + 1),
    },
    body: createReadStream(path, { start, end }),
  };
}
