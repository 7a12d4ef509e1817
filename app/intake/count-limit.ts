/** Counts of what is queued stop here: a flood costs a page no more than a quiet day. */
export const COUNT_LIMIT = 10_000;
