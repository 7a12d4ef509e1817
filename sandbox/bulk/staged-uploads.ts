/**
 * Staged uploads as Shopify's file host takes them: a target with form parameters, a multipart POST with all of
 * them and the file last, and the parameter `key` as the path that bulkOperationRunMutation wants. The file goes
 * to disk as it comes in.
 */
import { randomUUID } from 'node:crypto';
import { open } from 'node:fs/promises';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { NotImplemented } from '../graphql/not-implemented.ts';
import { HttpError } from '../http/route.ts';
import type { SandboxAnswer, SandboxRequest } from '../http/route.ts';
import type { Store } from '../store/store.ts';
import { readForm } from './read-form.ts';

/** A staged file may hold more than a bulk mutation takes, so that the latter can say so. */
export const MAX_UPLOAD_BYTES = 110 * 1024 * 1024;
/** How long a target takes a file and keeps it. An assumption: Shopify says only that it expires. */
export const UPLOAD_LIFE_MS = 86_400_000;

export interface StagedUploadInput {
  resource: string;
  filename: string;
  mimeType: string;
  httpMethod: string;
}

interface Target {
  key: string;
  shopId: string;
  signature: string;
  madeAt: number;
  file: string | undefined;
  size: number | undefined;
}

export class StagedUploads {
  readonly #baseUrl: () => string;
  #targets = new Map<string, Target>();
  #folder: Promise<string> | undefined;
  #aged = 0;

  constructor(baseUrl: () => string) {
    this.#baseUrl = baseUrl;
  }

  create(store: Store, input: StagedUploadInput) {
    if (input.resource !== 'BULK_MUTATION_VARIABLES') {
      throw new NotImplemented(`A staged upload of ${input.resource}`);
    }
    if (input.httpMethod !== 'POST') {
      throw new NotImplemented(`A staged upload of bulk mutation variables by ${input.httpMethod}`);
    }
    const key = `tmp/${store.shop.id}/bulk/${randomUUID()}/${input.filename}`;
    const signature = randomUUID().replaceAll('-', '');
    const shopId = store.shop.id;
    const madeAt = this.#now();
    this.#targets.set(key, { key, shopId, signature, madeAt, file: undefined, size: undefined });
    const parameters = {
      'Content-Type': input.mimeType,
      success_action_status: '201',
      acl: 'private',
      key,
      'x-goog-algorithm': 'GOOG4-RSA-SHA256',
      'x-goog-signature': signature,
    };
    const url = `${this.#baseUrl()}/staged/${store.shop.domain}`;
    return {
      url,
      resourceUrl: null,
      parameters: Object.entries(parameters).map(([name, value]) => ({ name, value })),
    };
  }

  /** The multipart POST. */
  async receive(request: SandboxRequest): Promise<SandboxAnswer> {
    let target: Target | undefined;
    let written: string | undefined;
    let size = 0;
    await readForm(request, async (fields, chunks) => {
      target = this.#targets.get(fields.get('key') ?? '');
      if (!target || fields.get('x-goog-signature') !== target.signature) {
        throw new HttpError(403, { error: 'SignatureDoesNotMatch' });
      }
      if (this.#isOver(target)) throw new HttpError(400, { error: 'ExpiredToken: the policy has expired' });
      this.#folder ??= mkdtemp(path.join(tmpdir(), 'regulars-sandbox-staged-'));
      const place = path.join(await this.#folder, randomUUID());
      const handle = await open(place, 'w');
      try {
        for await (const chunk of chunks) {
          size += chunk.length;
          await handle.writeFile(chunk);
        }
        written = place;
      } finally {
        await handle.close();
        if (written === undefined) await rm(place, { force: true });
      }
    });
    if (!target || written === undefined) throw new HttpError(400, { error: 'InvalidArgument: no file' });
    target.file = written;
    target.size = size;
    return {
      status: 201,
      headers: { 'content-type': 'application/xml' },
      body: `<?xml version='1.0' encoding='UTF-8'?><PostResponse><Key>${escapeXml(target.key)}</Key></PostResponse>`,
    };
  }

  /** What was uploaded there by this store; undefined when nothing was, or when its time is over. */
  fileOf(store: Store, key: string): { path: string; size: number } | undefined {
    const target = this.#targets.get(key);
    if (!target || target.shopId !== store.shop.id || this.#isOver(target)) return undefined;
    return target.file === undefined || target.size === undefined
      ? undefined
      : { path: target.file, size: target.size };
  }

  /** Lets the clock of expiries run ahead. */
  age(milliseconds: number): void {
    this.#aged += milliseconds;
  }

  async close(): Promise<void> {
    if (this.#folder) await rm(await this.#folder, { recursive: true, force: true });
  }

  #now(): number {
    return Date.now() + this.#aged;
  }

  #isOver(target: Target): boolean {
    return this.#now() - target.madeAt >= UPLOAD_LIFE_MS;
  }
}

function escapeXml(text: string): string {
  return text.replace(/[<>&]/g, (character) => `&#${character.charCodeAt(0)};`);
}
