/**
 * POST /admin/api/VERSION/graphql.json. The sandbox has one version of the schema; every other version falls
 * forward to it, which the X-Shopify-API-Version header says, as Shopify's does.
 */
import type { BulkRunner } from '../bulk/bulk-runner.ts';
import { MAX_UPLOAD_BYTES } from '../bulk/staged-uploads.ts';
import type { StagedUploads } from '../bulk/staged-uploads.ts';
import { HttpError, jsonAnswer } from '../http/route.ts';
import type { Route, SandboxAnswer, SandboxRequest } from '../http/route.ts';
import type { Sandbox } from '../sandbox.ts';
import { CostBucket } from './cost-bucket.ts';
import { executeAdmin } from './execute-admin.ts';
import type { AdminRequest } from './execute-admin.ts';
import { API_VERSION } from './schema.ts';

const WRONG_TOKEN = '[API] Invalid API key or access token (unrecognized login or wrong password)';

/** The Admin API, its staged uploads and its bulk results, with one bucket of points per store. */
export function adminApiRoutes(uploads: StagedUploads, bulk: BulkRunner): Route[] {
  const buckets = new Map<string, CostBucket>();

  async function graphql(request: SandboxRequest, sandbox: Sandbox): Promise<SandboxAnswer> {
    const startedAt = performance.now();
    const token = String(request.headers['x-shopify-access-token'] ?? '');
    const domain = sandbox.access.shopOf(token);
    const named = request.headers['x-sandbox-shop'];
    const store = domain === undefined ? undefined : sandbox.stores.get(domain);
    if (!store || domain === undefined || (named !== undefined && named !== domain)) {
      throw new HttpError(401, { errors: WRONG_TOKEN });
    }
    const input = readRequest(request);
    let bucket = buckets.get(domain);
    if (!bucket) {
      bucket = new CostBucket(store.shop.plan, { fast: sandbox.fast });
      buckets.set(domain, bucket);
    }
    const result = await executeAdmin(input, { sandbox, store, uploads, bulk }, bucket);
    sandbox.apiLog.record({
      at: store.clock.machineNow().toISOString(),
      domain,
      fields: result.fields,
      requestedCost: result.requestedCost,
      throttled: result.throttled,
      errors: result.payload.errors?.length ?? 0,
      milliseconds: Math.round(performance.now() - startedAt),
    });
    return jsonAnswer(result.payload, 200, { 'x-shopify-api-version': API_VERSION });
  }

  return [
    { method: 'POST', path: '/admin/api/:version/graphql.json', maxBody: 4 * 1024 * 1024, handle: graphql },
    {
      method: 'POST',
      path: '/staged/:domain',
      maxBody: MAX_UPLOAD_BYTES,
      handle: (request) => uploads.receive(request),
    },
    { method: 'GET', path: '/bulk/*rest', handle: (request) => bulk.serve(request) },
  ];
}

function readRequest(request: SandboxRequest): AdminRequest {
  const body = request.json();
  const { query, variables, operationName } = body;
  if (typeof query !== 'string' || query.trim() === '') {
    throw new HttpError(400, { errors: { query: 'Required parameter missing or invalid' } });
  }
  if (typeof (variables ?? {}) !== 'object' || Array.isArray(variables)) {
    throw new HttpError(400, { errors: { variables: 'Required parameter missing or invalid' } });
  }
  return {
    query,
    variables: (variables as Record<string, unknown> | null | undefined) ?? {},
    operationName: typeof operationName === 'string' && operationName !== '' ? operationName : undefined,
  };
}
