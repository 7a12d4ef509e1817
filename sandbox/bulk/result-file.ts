/** A result on disk, written as the operation goes: never one giant string. */
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';

/** The operation is to end here, by a fault. */
export class FileIsFull extends Error {}

export class ResultFile {
  readonly path: string;
  /** Lines that it takes; undefined: all. */
  readonly limit: number | undefined;
  #handle: FileHandle;
  bytes = 0;
  lines = 0;

  private constructor(path: string, handle: FileHandle, limit: number | undefined) {
    this.path = path;
    this.limit = limit;
    this.#handle = handle;
  }

  static async create(path: string, limit?: number): Promise<ResultFile> {
    return new ResultFile(path, await open(path, 'w'), limit);
  }

  /** @throws FileIsFull after the last line that it takes */
  async append(lines: readonly string[]): Promise<void> {
    const taken = this.limit === undefined ? lines : lines.slice(0, Math.max(0, this.limit - this.lines));
    if (taken.length > 0) {
      const text = Buffer.from(`${taken.join('\n')}\n`);
      await this.#handle.writeFile(text);
      this.bytes += text.length;
      this.lines += taken.length;
    }
    if (taken.length < lines.length) throw new FileIsFull();
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}
