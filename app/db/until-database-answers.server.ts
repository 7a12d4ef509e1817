/**
 * Web and worker are started beside their database, often before it: one that is still starting is waited for;
 * a wrong role or password is not.
 */
import { AppError } from '../app-error.ts';
import type { Log } from '../log.server.ts';

const STARTING = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ETIMEDOUT',
  'EAI_AGAIN',
  'ENOTFOUND',
  '57P03',
  '53300',
]);

/** @param ask any first question: what it throws decides */
export async function untilDatabaseAnswers(log: Log, ask: () => Promise<void>): Promise<void> {
  for (let wait = 250; ; wait = Math.min(5_000, wait * 2)) {
    try {
      return await ask();
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      if (error instanceof AppError || (code !== '' && !STARTING.has(code))) throw error;
      log.warn({ err: error }, 'waiting for the database');
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
}
