/** Upload addresses are a stranger's too: where the file may go, and what goes with it. */
import { describe, expect, it } from 'vitest';
import { createUploadFile } from '../../../app/shopify/upload-file.server.ts';
import type { Fetch } from '../../../app/shopify/sandbox-hook.server.ts';

const real = { production: true };
const local = { sandboxUrl: 'http://localhost:4600', production: false };

function world(config: { sandboxUrl?: string; production: boolean }, status = 201) {
  const sent: { url: string; init: RequestInit | undefined }[] = [];
  const fetch: Fetch = async (url, init) => {
    sent.push({ url, init });
    return new Response(null, { status });
  };
  const uploadFile = createUploadFile(config, { fetch });
  const upload = (url: string) =>
    uploadFile(
      { url, parameters: [{ name: 'key', value: 'tmp/1/x.jsonl' }] },
      { name: 'x.jsonl', text: '{"id":1}\n' },
      new AbortController().signal,
    );
  return { sent, upload };
}

describe('where files are put', () => {
  it.each([
    'https://shopify-staged-uploads.storage.googleapis.com/',
    'https://storage.googleapis.com/bucket/',
  ])('%s is Shopify’s; parameters first, the file last, no redirects', async (url) => {
    const { sent, upload } = world(real);
    expect(await upload(url)).toBe('tmp/1/x.jsonl');
    expect(sent[0]?.url).toBe(url);
    expect(sent[0]?.init).toMatchObject({ method: 'POST', redirect: 'error', credentials: 'omit' });
    const form = await new Response(sent[0]?.init?.body, { headers: sent[0]?.init?.headers }).formData();
    expect([...form.keys()]).toEqual(['key', 'file']);
  });

  it.each([
    [real, 'https://evil.example/'],
    [real, 'http://shopify-staged-uploads.storage.googleapis.com/'],
    [real, 'https://storage.googleapis.com.evil.com/'],
    [real, 'http://169.254.169.254/'],
    [real, 'http://localhost:4600/staged/1'],
    [local, 'https://storage.googleapis.com/bucket/'],
  ])('%o: %s is not, and gets nothing', async (config, url) => {
    const { sent, upload } = world(config);
    await expect(upload(url)).rejects.toMatchObject({ code: 'shopify_rejected' });
    expect(sent).toEqual([]);
  });

  it('is the sandbox’s own in the sandbox; a refusal may be tried again', async () => {
    const { sent, upload } = world(local, 503);
    await expect(upload('http://localhost:4600/staged/1')).rejects.toMatchObject({
      code: 'shopify_unavailable',
      retryable: true,
    });
    expect(sent).toHaveLength(1);
  });
});
