/** A multipart form whose last part is the file: the fields first, then the file as it comes in, never in memory. */
import { HttpError } from '../http/route.ts';
import type { SandboxRequest } from '../http/route.ts';

const MAX_FIELDS_BYTES = 64 * 1024;
const MALFORMED = 'MalformedPOSTRequest: a multipart form is wanted, the file as its last part';

type TakeFile = (fields: ReadonlyMap<string, string>, chunks: AsyncIterable<Buffer>) => Promise<void>;

/** @throws HttpError 400 when it is no such form; what `takeFile` throws */
export async function readForm(request: SandboxRequest, takeFile: TakeFile): Promise<void> {
  const boundary = /^multipart\/form-data;.*boundary="?([^";]{1,70})"?/i.exec(
    request.headers['content-type'] ?? '',
  )?.[1];
  if (boundary === undefined || !request.stream) throw malformed();
  const reader = new PartReader(request.stream, boundary);
  const fields = new Map<string, string>();
  await reader.begin();
  while (await reader.hasPart()) {
    const name = /name="([^"]*)"/.exec(await reader.head())?.[1];
    if (name === 'file') {
      await takeFile(fields, reader.body(Infinity));
      if (await reader.hasPart()) throw malformed();
      return;
    }
    const parts: Buffer[] = [];
    for await (const chunk of reader.body(MAX_FIELDS_BYTES)) parts.push(chunk);
    fields.set(name ?? '', Buffer.concat(parts).toString('utf8'));
    if (fields.size > 50) throw malformed();
  }
  throw malformed();
}

class PartReader {
  readonly #source: AsyncIterator<Buffer>;
  readonly #boundary: Buffer;
  #held: Buffer = Buffer.alloc(0);

  constructor(stream: AsyncIterable<Buffer>, boundary: string) {
    this.#source = stream[Symbol.asyncIterator]();
    this.#boundary = Buffer.from(`\r\n--${boundary}`);
    // The first boundary has no line before it.
    this.#held = Buffer.from('\r\n');
  }

  async begin(): Promise<void> {
    await this.#until(this.#boundary, MAX_FIELDS_BYTES);
  }

  /** After a boundary: is there a part, or is it the end? */
  async hasPart(): Promise<boolean> {
    while (this.#held.length < 2) await this.#more();
    const mark = this.#take(2).toString('latin1');
    if (mark === '--') return false;
    if (mark !== '\r\n') throw malformed();
    return true;
  }

  async head(): Promise<string> {
    return (await this.#until(Buffer.from('\r\n\r\n'), MAX_FIELDS_BYTES)).toString('utf8');
  }

  /** To the next boundary. */
  async *body(limit: number): AsyncGenerator<Buffer> {
    let size = 0;
    for (;;) {
      const end = this.#held.indexOf(this.#boundary);
      // What may be the beginning of the boundary is held back.
      const safe = end === -1 ? this.#held.length - this.#boundary.length : end;
      if (safe > 0) {
        const chunk = this.#take(safe);
        size += chunk.length;
        if (size > limit) throw malformed();
        yield chunk;
      }
      if (end !== -1) {
        this.#take(this.#boundary.length);
        return;
      }
      await this.#more();
    }
  }

  async #until(mark: Buffer, limit: number): Promise<Buffer> {
    for (;;) {
      const end = this.#held.indexOf(mark);
      if (end !== -1) {
        const before = this.#take(end);
        this.#take(mark.length);
        return before;
      }
      if (this.#held.length > limit) throw malformed();
      await this.#more();
    }
  }

  #take(length: number): Buffer {
    const taken = this.#held.subarray(0, length);
    this.#held = this.#held.subarray(length);
    return taken;
  }

  async #more(): Promise<void> {
    const next = await this.#source.next();
    if (next.done) throw malformed();
    this.#held = Buffer.concat([this.#held, next.value]);
  }
}

function malformed(): HttpError {
  return new HttpError(400, { error: MALFORMED });
}
