import { notFound } from './page-request.server.ts';

/** Throw it. Another shop's segment looks the same as none. */
export const noSuchSegment = () =>
  notFound('There is no such segment', 'It may have been deleted. All segments are on the Segments page.');
