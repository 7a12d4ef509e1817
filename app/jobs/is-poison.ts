/**
 * Whether an error lies in the data of a message (it will fail for ever: a dead letter) or in the world around
 * it (the database is away, a deployment is half done, a deadlock: try again). In doubt it is the world, because
 * a message that waits can still be read, and one that was wrongly given up may never be.
 */
import { AppError } from '../app-error.ts';

/** SQLSTATE classes: 21 cardinality, 22 data, 23 constraint. */
const DATA = /^2[123]/;

export function isPoison(error: unknown): boolean {
  if (error instanceof AppError)
    return !error.retryable && error.code !== 'config' && error.code !== 'database';
  if (error instanceof TypeError || error instanceof RangeError || error instanceof SyntaxError) return true;
  return sqlState(error) !== undefined && DATA.test(sqlState(error) ?? '');
}

/** A statement that took too long may have been too many rows at once: fewer may pass, one alone is the world's fault. */
export function isTooMuch(error: unknown): boolean {
  return sqlState(error) === '57014';
}

/** Why, for the dead letters: never a value of the message. */
export function poisonReason(error: unknown): string {
  if (error instanceof AppError) return `${error.code}: ${error.userMessage}`;
  const state = sqlState(error);
  if (state !== undefined) return `the database refused it (${state})`;
  return error instanceof Error ? error.name : 'unknown';
}

function sqlState(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined;
  return /^[0-9A-Z]{5}$/.test(error.code) ? error.code : undefined;
}
