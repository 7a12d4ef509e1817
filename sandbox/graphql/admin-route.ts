/**
 * POST /admin/api/VERSION/graphql.json. Every supported version is answered by its own schema; older ones fall
 * forward to the oldest of them, and the X-Shopify-API-Version header says which one answered.
 */
import { admit, WRONG_TOKEN } from '../access/admit.ts';
import type { Caller } from '../access/admit.ts';
import type { Permissions } from '../access/permissions.ts';
import type { BulkRunner } from '../bulk/bulk-runner.ts';
import { MAX_UPLOAD_BYTES } from '../bulk/staged-uploads.ts';
import type { StagedUploads } from '../bulk/staged-uploads.ts';
import type { Chance } from '../faults/faults.ts';
import { withHttpFaults } from '../faults/http-faults.ts';
import { HttpError, jsonAnswer } from '../http/route.ts';
import type { Route, SandboxAnswer, SandboxRequest } from '../http/route.ts';
import type { Sandbox } from '../sandbox.ts';
import type { GraphContext } from './context.ts';
import { CostBucket } from './cost-bucket.ts';
import { executeAdmin } from './execute-admin.ts';
import type { AdminRequest, AdminResult, Points } from './execute-admin.ts';
import { badRequest } from './not-implemented.ts';
import { rootFieldsOf } from './root-fields.ts';
import { startSearchIndex } from './search-index.ts';
import { searchIndexRoute } from './search-index-route.ts';
import { servedVersion } from './versions.ts';
import type { ServedVersion } from './versions.ts';

/** A request of an app's: what it may see, and that faults may strike its root fields. */
type DirectContext = GraphContext & { permissions: Permissions; direct: true; struck?: string[] | undefined };

/** The Admin API, its staged uploads and its bulk results, with one bucket of points per store. */
export function adminApiRoutes(uploads: StagedUploads, bulk: BulkRunner): Route[] {
  const buckets = new Map<string, CostBucket>();

  async function graphql(request: SandboxRequest, sandbox: Sandbox): Promise<SandboxAnswer> {
    const startedAt = performance.now();
    const version = servedVersion(request.params['version'] ?? '');
    if (!version) throw new HttpError(404, { errors: 'Not Found' });
    const caller = admit(request, sandbox);
    startSearchIndex(caller.store, sandbox.fast);
    const { domain, plan } = caller.store.shop;
    const input = readRequest(request);
    const { faults } = sandbox;
    const struck: string[] = [];
    const chance: Chance = { shop: domain, fields: rootFieldsOf(input), struck };
    let bucket = buckets.get(domain);
    if (!bucket) {
      bucket = new CostBucket(plan, { fast: sandbox.fast });
      buckets.set(domain, bucket);
    }
    const points = bucket;
    let result: AdminResult | undefined;
    const answer = await withHttpFaults(faults, 'graphql', chance, request.signal, async () => {
      endToken(caller, sandbox, chance);
      result = await answerOf({ ...input, schema: version.schema }, version, chance, caller, sandbox, points);
      return jsonAnswer(result.payload, 200, { 'x-shopify-api-version': version.handle });
    }).catch((error: unknown) => {
      if (error instanceof HttpError) return jsonAnswer(error.body, error.status, error.headers);
      throw error;
    });
    sandbox.apiLog.record({
      at: caller.store.clock.machineNow().toISOString(),
      domain,
      fields: result?.fields ?? [...(chance.fields ?? [])],
      requestedCost: result?.requestedCost ?? null,
      actualCost: result?.actualCost ?? null,
      available: points.status().currentlyAvailable,
      status: answer.breakAt === undefined ? (answer.status ?? 200) : 0,
      throttled: result?.throttled ?? false,
      errors: result?.payload.errors?.length ?? 0,
      faults: struck,
      milliseconds: Math.round(performance.now() - startedAt),
    });
    return answer;
  }

  function answerOf(
    input: AdminRequest,
    version: ServedVersion,
    chance: Chance,
    { store, permissions }: Caller,
    sandbox: Sandbox,
    bucket: CostBucket,
  ): Promise<AdminResult> | AdminResult {
    const { faults } = sandbox;
    const broken = faults.strike('errors', chance);
    if (broken) return failed(bucket, chance, broken.settings);
    const context: DirectContext = {
      sandbox,
      store,
      uploads,
      bulk: bulk.forCaller(permissions),
      permissions,
      direct: true,
      struck: chance.struck,
    };
    return executeAdmin(input, context, faults.strike('throttled', chance) ? empty(bucket) : bucket);
  }

  return [
    searchIndexRoute,
    { method: 'POST', path: '/admin/api/:version/graphql.json', maxBody: 4 * 1024 * 1024, handle: graphql },
    {
      method: 'POST',
      path: '/staged/:domain',
      maxBody: MAX_UPLOAD_BYTES,
      streamed: true,
      handle: (request, { faults }) => {
        const chance = { shop: request.params['domain'] ?? '' };
        return withHttpFaults(faults, 'staged-upload', chance, request.signal, () =>
          uploads.receive(request),
        );
      },
    },
    { method: 'GET', path: '/bulk/:domain/*rest', handle: (request) => bulk.serve(request) },
  ];
}

/** Tokens that end in the middle: the call that finds out gets the 401. */
function endToken({ store, token }: Caller, { access, faults }: Sandbox, chance: Chance): void {
  if (faults.strike('revoke-token', chance)) access.revoke(token);
  else if (faults.strike('expire-token', chance)) access.expireTokens(store.shop.domain);
  if (access.shopOf(token) === undefined) throw new HttpError(401, { errors: WRONG_TOKEN });
}

/** As throttled as can be: nothing is there, whatever the real bucket holds. */
function empty(bucket: CostBucket): Points {
  return {
    take: () => false,
    giveBack: () => undefined,
    status: () => ({ ...bucket.status(), currentlyAvailable: 0 }),
  };
}

function failed(
  bucket: CostBucket,
  { fields = [] }: Chance,
  { message, code }: { message: string; code: string },
): AdminResult {
  const cost = { requestedQueryCost: 0, actualQueryCost: null, throttleStatus: bucket.status() };
  return {
    payload: { errors: [badRequest(message, code).toJSON()], extensions: { cost } },
    requestedCost: null,
    actualCost: null,
    throttled: false,
    fields: [...fields],
  };
}

/** JSON, or application/graphql: the body is the document. What is sent without a type is taken as JSON. */
function readRequest(request: SandboxRequest): AdminRequest {
  const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  const invalid = (name: string) =>
    new HttpError(400, { errors: { [name]: 'Required parameter missing or invalid' } });
  if (type === 'application/graphql') {
    const query = request.body.toString('utf8');
    if (query.trim() === '') throw invalid('query');
    return { query, variables: {}, operationName: undefined };
  }
  if (type !== '' && type !== 'text/plain' && !/^application\/([\w.+-]+\+)?json$/.test(type)) {
    throw invalid('query');
  }
  const { query, variables, operationName } = request.json();
  if (typeof query !== 'string' || query.trim() === '') throw invalid('query');
  if (typeof (variables ?? {}) !== 'object' || Array.isArray(variables)) throw invalid('variables');
  return {
    query,
    variables: (variables as Record<string, unknown> | null | undefined) ?? {},
    operationName: typeof operationName === 'string' && operationName !== '' ? operationName : undefined,
  };
}
