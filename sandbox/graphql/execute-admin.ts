/**
 * One Admin GraphQL request: parse, validate, price, take the points, run, give back what was not needed.
 * Every answer says what it cost and how full the bucket is; refusals of GraphQL are HTTP 200, as Shopify's are.
 */
import { execute, GraphQLError } from 'graphql';
import type { ExecutionResult, FormattedExecutionResult } from 'graphql';
import { oversizedArray } from './array-limit.ts';
import type { GraphContext, SearchReport } from './context.ts';
import { actualCost, fieldsOf, MAX_QUERY_COST, requestedCost } from './cost.ts';
import type { CostInput } from './cost.ts';
import type { CostBucket } from './cost-bucket.ts';
import { badRequest } from './not-implemented.ts';
import { parseDocument } from './parse-document.ts';
import { adminSchema, strictFieldResolver } from './schema.ts';

/** The bucket, or what stands before it. */
export type Points = Pick<CostBucket, 'take' | 'giveBack' | 'status'>;

export interface AdminRequest {
  query: string;
  variables: Record<string, unknown>;
  operationName: string | undefined;
  /** Whose version's schema answers; the sandbox's own unless told. */
  schema?: string;
}

export interface AdminResult {
  payload: FormattedExecutionResult & { extensions: { cost: unknown } };
  requestedCost: number | null;
  actualCost: number | null;
  throttled: boolean;
  /** Root fields, by their schema names. */
  fields: string[];
}

export async function executeAdmin(
  request: AdminRequest,
  context: GraphContext,
  bucket: Points,
): Promise<AdminResult> {
  const schema = adminSchema(request.schema);
  const refusal = (errors: readonly GraphQLError[], cost: number | null = null, fields: string[] = []) => ({
    payload: {
      errors: errors.map((error) => error.toJSON()),
      extensions: { cost: costReport(bucket, cost, null) },
    },
    requestedCost: cost,
    actualCost: null,
    throttled: false,
    fields,
  });

  const parsed = parseDocument(schema, request.query);
  if (parsed.outcome === 'bad') return refusal(parsed.errors);
  const operation = request.operationName
    ? parsed.operations.find(({ name }) => name?.value === request.operationName)
    : parsed.operations.length === 1
      ? parsed.operations[0]
      : undefined;
  if (!operation) return refusal([badRequest('An operation name is required: none or several match.')]);
  if (operation.operation === 'subscription')
    return refusal([badRequest('Subscriptions are not supported.')]);

  const input: CostInput = {
    schema,
    operation,
    fragments: parsed.fragments,
    variables: withDefaults(request.variables, operation),
  };
  const fields = [...new Set(fieldsOf(input, operation.selectionSet).map((field) => field.name.value))];
  const oversized = oversizedArray(parsed.document, request.variables);
  if (oversized) return refusal([oversized], null, fields);

  const requested = requestedCost(input);
  if (requested > MAX_QUERY_COST) {
    return refusal([tooExpensive(requested)], requested, fields);
  }
  if (!bucket.take(requested)) {
    return { ...refusal([throttledError()], requested, fields), throttled: true };
  }

  const searches: SearchReport[] = [];
  const result: ExecutionResult = await execute({
    schema,
    document: parsed.document,
    variableValues: request.variables,
    operationName: operation.name?.value,
    contextValue: { ...context, searches },
    fieldResolver: strictFieldResolver,
  });
  const actual = result.data === undefined ? 0 : Math.min(requested, actualCost(input, result.data));
  bucket.giveBack(requested - actual);
  return {
    payload: {
      ...(result.errors ? { errors: result.errors.map((error) => error.toJSON()) } : {}),
      ...(result.data === undefined ? {} : { data: result.data }),
      extensions: { cost: costReport(bucket, requested, actual), ...searchExtension(searches, result.data) },
    },
    requestedCost: requested,
    actualCost: actual,
    throttled: false,
    fields,
  };
}

/** As shopify.dev shows it. */
function tooExpensive(cost: number): GraphQLError {
  const message = `Query cost is ${cost}, which exceeds the single query max cost limit (${MAX_QUERY_COST}).

See https://shopify.dev/concepts/about-apis/rate-limits for more information on how the
cost of a query is calculated.

To query larger amounts of data with fewer limits, bulk operations should be used instead.
See https://shopify.dev/tutorials/perform-bulk-operations-with-admin-api for usage details.
`;
  const documentation = 'https://shopify.dev/api/usage/limits#rate-limits';
  const extensions = { code: 'MAX_COST_EXCEEDED', cost, maxCost: MAX_QUERY_COST, documentation };
  return new GraphQLError(message, { extensions });
}

function throttledError(): GraphQLError {
  const documentation = 'https://shopify.dev/api/usage/rate-limits';
  return new GraphQLError('Throttled', { extensions: { code: 'THROTTLED', documentation } });
}

/** Said only when something was left out of a search; in the order of the answer's fields. */
function searchExtension(searches: readonly SearchReport[], data: unknown): { search?: unknown[] } {
  const keys = Object.keys(data ?? {});
  const place = ({ path }: SearchReport) => keys.indexOf(String(path[0]));
  const search = searches
    .filter(({ warnings }) => warnings.length > 0)
    .sort((one, other) => place(one) - place(other))
    .map(({ path, query, parsed, warnings }) => ({ path, query, parsed, warnings }));
  return search.length > 0 ? { search } : {};
}

function costReport(bucket: Points, requested: number | null, actual: number | null) {
  return {
    requestedQueryCost: requested ?? 0,
    actualQueryCost: actual,
    throttleStatus: bucket.status(),
  };
}

function withDefaults(
  variables: Record<string, unknown>,
  operation: CostInput['operation'],
): Record<string, unknown> {
  const complete = { ...variables };
  for (const definition of operation.variableDefinitions ?? []) {
    const name = definition.variable.name.value;
    const preset = definition.defaultValue;
    if (complete[name] === undefined && preset && 'value' in preset) {
      complete[name] = preset.kind === 'IntValue' ? Number(preset.value) : preset.value;
    }
  }
  return complete;
}
