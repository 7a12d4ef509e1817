/** The large jobs of an app: a tag for many customers, and all orders as a file. */
import { BULK_QUERIES } from '../../app/shopify/documents/bulk-queries.ts';
import { ask, bulkStatus, dig, memoryOf, pause, round, say } from './process.ts';
import type { SandboxProcess } from './process.ts';

/** tagsAdd for many, as the app does it: one staged file of lines, one bulk mutation. */
export async function tagMany(sandbox: SandboxProcess, count: number) {
  const before = memoryOf(sandbox, 'VmRSS');
  const ids = await ask(sandbox, '{ customers(first: 1) { nodes { id } } }');
  const lowest = BigInt(String(dig(ids, 'customers', 'nodes', 0, 'id')).replace(/\D+/g, ''));
  const staged = await ask(
    sandbox,
    `mutation { stagedUploadsCreate(input: [{ resource: BULK_MUTATION_VARIABLES, filename: "lines.jsonl",
       mimeType: "text/jsonl", httpMethod: POST }]) { stagedTargets { url parameters { name value } } } }`,
  );
  const target = dig(staged, 'stagedUploadsCreate', 'stagedTargets', 0);
  const form = new FormData();
  let key = '';
  for (const parameter of dig(target, 'parameters') as { name: string; value: string }[]) {
    form.append(parameter.name, parameter.value);
    if (parameter.name === 'key') key = parameter.value;
  }
  const lines = Array.from(
    { length: count },
    (_, n) => `{"id":"gid://shopify/Customer/${lowest + BigInt(n)}","tags":["Regular: ${n % 7}"]}`,
  );
  form.append('file', new Blob([lines.join('\n')]), 'lines.jsonl');
  const began = performance.now();
  const upload = await fetch(String(dig(target, 'url')), { method: 'POST', body: form });
  if (upload.status !== 201) throw new Error(`the upload was answered ${upload.status}`);
  const started = await ask(
    sandbox,
    `mutation($path: String!) { bulkOperationRunMutation(stagedUploadPath: $path,
       mutation: "mutation($id: ID!, $tags: [String!]!) { tagsAdd(id: $id, tags: $tags) { userErrors { message } } }"
     ) { bulkOperation { id } userErrors { message } } }`,
    { path: key },
  );
  const id = dig(started, 'bulkOperationRunMutation', 'bulkOperation', 'id');
  let slowest = 0;
  for (;;) {
    const asked = performance.now();
    const status = dig(await bulkStatus(sandbox, id), 'status');
    slowest = Math.max(slowest, performance.now() - asked);
    if (status === 'COMPLETED') break;
    if (status !== 'RUNNING' && status !== 'CREATED')
      throw new Error(`the bulk mutation is ${String(status)}`);
    await pause(200);
  }
  const seconds = (performance.now() - began) / 1000;
  const result = {
    customers: count,
    seconds: round(seconds),
    gigabytesBefore: before,
    gigabytesAfter: memoryOf(sandbox, 'VmRSS'),
    slowestAnswerMeanwhile: round(slowest / 1000),
  };
  say(`  ${JSON.stringify(result)}`);
  return result;
}

/** The app's own query of all orders, for so many seconds; small questions are asked meanwhile. */
export async function exportOrders(sandbox: SandboxProcess, seconds: number) {
  const started = await ask(
    sandbox,
    'mutation($query: String!) { bulkOperationRunQuery(query: $query) { bulkOperation { id } userErrors { message } } }',
    { query: BULK_QUERIES.orders },
  );
  const id = dig(started, 'bulkOperationRunQuery', 'bulkOperation', 'id');
  if (id === undefined) throw new Error(JSON.stringify(started));
  const began = performance.now();
  const times: number[] = [];
  let status: unknown = 'CREATED';
  let rows = 0;
  while ((status === 'CREATED' || status === 'RUNNING') && performance.now() - began < seconds * 1000) {
    const asked = performance.now();
    const operation = await bulkStatus(sandbox, id);
    times.push((performance.now() - asked) / 1000);
    [status, rows] = [dig(operation, 'status'), Number(dig(operation, 'objectCount'))];
    await pause(100);
  }
  const took = (performance.now() - began) / 1000;
  const finished = status === 'COMPLETED';
  if (!finished)
    await ask(sandbox, 'mutation($id: ID!) { bulkOperationCancel(id: $id) { userErrors { message } } }', {
      id,
    });
  const sorted = times.toSorted((a, b) => a - b);
  const result = {
    seconds: round(took),
    rows,
    rowsPerSecond: Math.round(rows / took),
    finished,
    answersMeanwhile: { middle: round(sorted[sorted.length >> 1] ?? 0), slowest: round(sorted.at(-1) ?? 0) },
    gigabytes: memoryOf(sandbox, 'VmRSS'),
  };
  say(`  ${JSON.stringify(result)}`);
  return result;
}
