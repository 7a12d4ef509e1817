/**
 * Puts a file where Shopify said, if that is Shopify's: a multipart form with Shopify's parameters first and the
 * file last. No redirects: what was signed for one place goes nowhere else.
 */
import { AppError } from '../app-error.ts';
import { allowedUrl, type AddressConfig } from './allowed-address.ts';
import type { Fetch } from './sandbox-hook.server.ts';

const UPLOAD_MS = 60_000;

export interface StagedTarget {
  url: string;
  parameters: readonly { name: string; value: string }[];
}

/**
 * @returns the path by which bulkOperationRunMutation knows the file (the parameter `key`)
 * @throws AppError 'shopify_unavailable' when the upload is not taken, 'shopify_rejected' for an address that is
 *   not Shopify's
 */
export type UploadFile = (
  target: StagedTarget,
  file: { name: string; text: string },
  signal: AbortSignal,
) => Promise<string>;

export function createUploadFile(config: AddressConfig, options: { fetch: Fetch }): UploadFile {
  return async (target, file, signal) =>
    upload(allowedUrl(target.url, config), target, file, { send: options.fetch, signal });
}

async function upload(
  url: string,
  target: StagedTarget,
  file: { name: string; text: string },
  { send, signal }: { send: Fetch; signal: AbortSignal },
): Promise<string> {
  const path = target.parameters.find((parameter) => parameter.name === 'key')?.value;
  if (!path) throw new AppError('shopify_rejected', 'Shopify prepared an upload without a key.');
  const form = new FormData();
  for (const { name, value } of target.parameters) form.append(name, value);
  form.append('file', new Blob([file.text], { type: 'text/jsonl' }), file.name);
  // Sent as bytes: a form that is still being encoded when the request is aborted throws where nobody catches.
  const encoded = new Response(form);
  const body = await encoded.arrayBuffer();
  let status: number;
  try {
    const response = await send(url, {
      method: 'POST',
      body,
      headers: { 'content-type': encoded.headers.get('content-type') ?? '' },
      redirect: 'error',
      credentials: 'omit',
      signal: AbortSignal.any([signal, AbortSignal.timeout(UPLOAD_MS)]),
    });
    await response.arrayBuffer();
    status = response.status;
  } catch (cause) {
    throw new AppError('shopify_unavailable', 'A file could not be uploaded to Shopify.', {
      retryable: true,
      cause,
    });
  }
  if (status < 200 || status >= 300) {
    throw new AppError('shopify_unavailable', 'Shopify did not take a file.', {
      retryable: true,
      context: { status },
    });
  }
  return path;
}
