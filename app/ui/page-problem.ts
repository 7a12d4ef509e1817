/**
 * What a page says instead of its content: thrown by loaders as data, shown by the error boundary.
 * The words are for a merchant; nothing in them comes from a library.
 */
export interface PageProblem {
  readonly pageProblem: true;
  title: string;
  message: string;
  /** Whether "Try again" may help. */
  retryable: boolean;
}

export function isPageProblem(value: unknown): value is PageProblem {
  return typeof value === 'object' && value !== null && 'pageProblem' in value;
}

export const UNEXPECTED: PageProblem = {
  pageProblem: true,
  title: 'This page could not be shown',
  message:
    'Something unexpected happened, and it was written to the log. Nothing in your store was changed. Try again, and if it stays like this, tell us when it happened.',
  retryable: true,
};

export const NO_SUCH_PAGE: PageProblem = {
  pageProblem: true,
  title: 'There is no such page',
  message: 'The address may be mistyped, or what it showed is no longer here.',
  retryable: false,
};
