/**
 * What is generated from the sources: the Prisma client, the GraphQL types, the web build. Each step is done
 * again only when what it is made from has changed, so the second run of a command is quick.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export const ROOT = path.dirname(import.meta.dirname);
export const DATA_FOLDER = path.join(ROOT, '.data');

export type Say = (words: string) => void;

/** Progress goes to stderr: stdout is for results. */
export const say: Say = (words) => void process.stderr.write(`${words}\n`);

interface Step {
  name: string;
  what: string;
  /** Files and folders that the result is made from, relative to the root. */
  from: string[];
  /** A file that must be there afterwards. */
  makes: string;
  command: string[];
}

const PRISMA: Step = {
  name: 'prisma',
  what: 'database client',
  from: ['prisma/schema.prisma', 'package-lock.json'],
  makes: 'app/db/generated/client.ts',
  command: ['node_modules/prisma/build/index.js', 'generate'],
};

const GRAPHQL: Step = {
  name: 'graphql',
  what: 'GraphQL types',
  from: ['app/shopify', 'scripts/generate-graphql.ts', '.graphqlrc.ts', 'package-lock.json'],
  makes: 'app/shopify/types/admin.types.d.ts',
  command: ['scripts/generate-graphql.ts'],
};

const BUILD: Step = {
  name: 'build',
  what: 'web build',
  from: ['app', 'public', 'vite.config.ts', 'package-lock.json'],
  makes: 'build/server/index.js',
  command: ['node_modules/@remix-run/dev/dist/cli.js', 'vite:build', '--logLevel', 'error'],
};

/** Makes what is missing or out of date. */
export async function prepareCode(wanted: { types?: boolean; build?: boolean }): Promise<void> {
  await make(PRISMA);
  if (wanted.types) await make(GRAPHQL);
  if (wanted.build) await make(BUILD);
}

async function make(step: Step): Promise<void> {
  const stamp = path.join(DATA_FOLDER, 'stamps', step.name);
  const state = hashOf(step.from.map((name) => path.join(ROOT, name)));
  if (existsSync(path.join(ROOT, step.makes)) && existsSync(stamp) && readFileSync(stamp, 'utf8') === state)
    return;
  const before = Date.now();
  say(`Making the ${step.what} ...`);
  try {
    await run(process.execPath, ['--disable-warning=ExperimentalWarning', ...step.command], {
      cwd: ROOT,
      env: {
        ...process.env,
        DATABASE_URL: process.env['DATABASE_URL'] ?? 'postgresql://unused@127.0.0.1:1/unused',
      },
      maxBuffer: 64 * 1024 * 1024,
    });
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? `${String(error.stderr)}` : String(error);
    throw new Error(`the ${step.what} could not be made:\n${said.trim()}`, { cause: error });
  }
  mkdirSync(path.dirname(stamp), { recursive: true });
  writeFileSync(stamp, hashOf(step.from.map((name) => path.join(ROOT, name))));
  say(`  ${step.what} made in ${((Date.now() - before) / 1000).toFixed(1)} s`);
}

function hashOf(paths: string[]): string {
  const hash = createHash('sha256').update(process.version);
  const visit = (file: string): void => {
    if (!existsSync(file)) return;
    if (/[\\/](generated|types)$/.test(file)) return;
    if (statSync(file).isDirectory()) {
      for (const name of readdirSync(file).sort()) visit(path.join(file, name));
    } else hash.update(file).update(readFileSync(file));
  };
  for (const file of paths) visit(file);
  return hash.digest('hex');
}
