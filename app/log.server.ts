/**
 * Structured logs: one JSON object a line, with shop and job ids. Never tokens, secrets or personal data:
 * errors are reduced to name, code, message of ours and stack, because messages of libraries can carry both.
 */
import { pino, type DestinationStream, type Logger } from 'pino';
import { isAppError } from './app-error.ts';

export type Log = Logger;

export function createLog(options: { level: string; process: string }, destination?: DestinationStream): Log {
  return pino(
    {
      level: options.level,
      base: { process: options.process },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: describeError },
      redact: {
        paths: [
          'accessToken',
          'refreshToken',
          'token',
          'authorization',
          'payload',
          'body',
          'email',
          'phone',
        ].flatMap((name) => [name, `*.${name}`, `*.*.${name}`]),
        censor: '[removed]',
      },
    },
    destination ?? pino.destination({ fd: 2, sync: false }),
  );
}

/** What a log may know of an error. */
export function describeError(error: unknown): Record<string, unknown> {
  if (isAppError(error)) {
    return {
      name: error.name,
      code: error.code,
      message: error.userMessage,
      retryable: error.retryable,
      ...error.context,
      ...(error.cause === undefined ? {} : { cause: describeError(error.cause) }),
    };
  }
  if (!(error instanceof Error)) return { name: typeof error };
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {};
  const stack = (error.stack ?? '')
    .split('\n')
    .filter((line) => line.trimStart().startsWith('at '))
    .slice(0, 8)
    .map((line) => line.trim());
  return { name: error.name, ...code, stack };
}
