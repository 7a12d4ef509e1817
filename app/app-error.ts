/**
 * The one error for the unexpected. Expected outcomes are values in closed unions, not errors.
 *
 * `userMessage` may be shown to a merchant: plain words, what happened and what to do. `context` goes to the
 * log: ids and counts only, never personal data, tokens or payloads. `retryable` tells a worker whether the
 * same act may succeed later without anybody changing anything.
 */
export type AppErrorCode =
  | 'config'
  | 'database'
  | 'shopify_access' // the token, a scope or the app's standing: a person must act
  | 'shopify_unavailable' // 5xx, network, time-out: try again
  | 'shopify_throttled'
  | 'shopify_rejected' // the document or its input: a fault of ours
  | 'shopify_user_error' // Shopify refused this input and said why
  | 'bad_payload'
  | 'bad_rule'
  | 'not_found'
  | 'invariant';

export class AppError extends Error {
  readonly code: AppErrorCode;
  readonly userMessage: string;
  readonly context: Readonly<Record<string, unknown>>;
  readonly retryable: boolean;

  constructor(
    code: AppErrorCode,
    userMessage: string,
    options: { context?: Record<string, unknown>; retryable?: boolean; cause?: unknown } = {},
  ) {
    super(`${code}: ${userMessage}`, { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.userMessage = userMessage;
    this.context = options.context ?? {};
    this.retryable = options.retryable ?? false;
  }
}

/** By name and shape: the web process and the bundle of pages each have their own copy of the class. */
export function isAppError(error: unknown): error is AppError {
  return (
    error instanceof Error &&
    error.name === 'AppError' &&
    'code' in error &&
    'userMessage' in error &&
    'context' in error
  );
}

/** For the default branch of an exhaustive `switch`: a compile error when a case is missing. */
export function assertNever(value: never): never {
  throw new AppError('invariant', 'Something unexpected happened.', { context: { value: String(value) } });
}
