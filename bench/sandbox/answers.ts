/** How long answers take in a large store: the first, and the middle of five. */
import { ask, dig, round, say } from './process.ts';
import type { SandboxProcess } from './process.ts';

/** Seconds. */
export interface Answer {
  name: string;
  first: number;
  middle: number;
}

type Question = [name: string, query: string, variables?: Record<string, unknown>];

export async function countStore(sandbox: SandboxProcess): Promise<{ customers: number; orders: number }> {
  const counts = await ask(
    sandbox,
    '{ customersCount(limit: null) { count } ordersCount(limit: null) { count } }',
  );
  const of = (name: string) => Number(dig(counts, name, 'count'));
  return { customers: of('customersCount'), orders: of('ordersCount') };
}

const FIELDS = 'id email tags updatedAt';

/** The questions of an app and of the admin's pages. */
export async function timeAnswers(sandbox: SandboxProcess): Promise<Answer[]> {
  const page = await ask(
    sandbox,
    '{ customers(first: 250, sortKey: CREATED_AT) { nodes { id email } pageInfo { endCursor } } }',
  );
  const someone = String(dig(page, 'customers', 'nodes', 100, 'id'));
  const email = String(dig(page, 'customers', 'nodes', 100, 'email'));
  const after = String(dig(page, 'customers', 'pageInfo', 'endCursor'));
  const questions: Question[] = [
    ['counts', '{ customersCount(limit: null) { count } ordersCount(limit: null) { count } }'],
    ['first page of customers', `{ customers(first: 250) { nodes { ${FIELDS} } } }`],
    [
      'a page by age',
      `query($after: String) { customers(first: 250, sortKey: CREATED_AT, after: $after) { nodes { ${FIELDS} } } }`,
      { after },
    ],
    [
      'newest customers',
      `{ customers(first: 50, sortKey: CREATED_AT, reverse: true) { nodes { ${FIELDS} } } }`,
    ],
    ['last updated', `{ customers(first: 50, sortKey: UPDATED_AT, reverse: true) { nodes { ${FIELDS} } } }`],
    [
      'first page of orders',
      '{ orders(first: 50) { nodes { id name lineItems(first: 10) { nodes { id title } } } } }',
    ],
    ['newest orders', '{ orders(first: 50, reverse: true) { nodes { id name } } }'],
    [
      'a customer and its orders',
      `query($id: ID!) { customer(id: $id) { ${FIELDS} numberOfOrders orders(first: 50) { nodes { id name } } } }`,
      { id: someone },
    ],
    [
      'by e-mail',
      'query($q: String) { customers(first: 5, query: $q) { nodes { id } } }',
      {
        q: `email:${email}`,
      },
    ],
    ['by tag', '{ customers(first: 50, query: "tag:VIP") { nodes { id } } }'],
    ['by a tag that nobody has', '{ customers(first: 50, query: "tag:nobody") { nodes { id } } }'],
    ['many of a tag', '{ customers(first: 250, query: "tag:wholesale") { nodes { id } } }'],
    ['orders of last month', '{ ordersCount(query: "created_at:>=2026-10-22", limit: null) { count } }'],
    [
      'tagsAdd',
      'mutation($id: ID!) { tagsAdd(id: $id, tags: ["bench"]) { userErrors { message } } }',
      { id: someone },
    ],
  ];
  const answers: Answer[] = [];
  for (const question of questions) answers.push(await timed(sandbox, ...question));
  return answers;
}

/** Seconds of the first and of the middle of five answers. */
async function timed(
  sandbox: SandboxProcess,
  name: string,
  query: string,
  variables: Record<string, unknown> = {},
): Promise<Answer> {
  const times: number[] = [];
  for (let count = 0; count < 5; count += 1) {
    const before = performance.now();
    await ask(sandbox, query, variables);
    times.push((performance.now() - before) / 1000);
  }
  const [first = 0] = times;
  const middle = times.toSorted((a, b) => a - b)[2] ?? 0;
  say(`  ${name}: first ${round(first)} s, then ${round(middle)} s`);
  return { name, first: round(first), middle: round(middle) };
}
