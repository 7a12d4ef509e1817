/**
 * Staged uploads as Shopify's file host takes them: a target with form parameters, a multipart POST with all of
 * them and the file last, and the parameter `key` as the path that bulkOperationRunMutation wants.
 */
import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { NotImplemented } from '../graphql/not-implemented.ts';
import { HttpError } from '../http/route.ts';
import type { SandboxAnswer, SandboxRequest } from '../http/route.ts';
import type { Store } from '../store/store.ts';

/** A staged file may hold more than a bulk mutation takes, so that the latter can say so. */
export const MAX_UPLOAD_BYTES = 110 * 1024 * 1024;

export interface StagedUploadInput {
  resource: string;
  filename: string;
  mimeType: string;
  httpMethod: string;
}

interface Target {
  key: string;
  signature: string;
  file: string | undefined;
  size: number | undefined;
}

export class StagedUploads {
  readonly #baseUrl: () => string;
  #targets = new Map<string, Target>();
  #folder: Promise<string> | undefined;

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
    this.#targets.set(key, { key, signature, file: undefined, size: undefined });
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
    const form = await readForm(request);
    const key = form.get('key');
    const target = typeof key === 'string' ? this.#targets.get(key) : undefined;
    if (!target || form.get('x-goog-signature') !== target.signature) {
      throw new HttpError(403, { error: 'SignatureDoesNotMatch' });
    }
    const file = form.get('file');
    if (file === null || [...form.keys()].at(-1) !== 'file') {
      throw new HttpError(400, { error: 'InvalidArgument: the file must be the last part of the form' });
    }
    const bytes = typeof file === 'string' ? Buffer.from(file) : Buffer.from(await file.arrayBuffer());
    this.#folder ??= mkdtemp(path.join(tmpdir(), 'regulars-sandbox-staged-'));
    target.file = path.join(await this.#folder, randomUUID());
    await writeFile(target.file, bytes);
    target.size = bytes.length;
    return {
      status: 201,
      headers: { 'content-type': 'application/xml' },
      body: `<?xml version='1.0' encoding='UTF-8'?><PostResponse><Key>${escapeXml(target.key)}</Key></PostResponse>`,
    };
  }

  /** Bytes; undefined when nothing was uploaded there. */
  sizeOf(key: string): number | undefined {
    return this.#targets.get(key)?.size;
  }

  /** @returns undefined when nothing was uploaded there */
  async read(key: string): Promise<Buffer | undefined> {
    const file = this.#targets.get(key)?.file;
    return file === undefined ? undefined : readFile(file);
  }

  async close(): Promise<void> {
    if (this.#folder) await rm(await this.#folder, { recursive: true, force: true });
  }
}

async function readForm(request: SandboxRequest): Promise<FormData> {
  const type = request.headers['content-type'] ?? '';
  try {
    return await new Response(new Uint8Array(request.body), { headers: { 'content-type': type } }).formData();
  } catch {
    throw new HttpError(400, { error: 'MalformedPOSTRequest: a multipart form is wanted' });
  }
}

function escapeXml(text: string): string {
  return text.replace(/[<>&]/g, (character) => `&#${character.charCodeAt(0)};`);
}
