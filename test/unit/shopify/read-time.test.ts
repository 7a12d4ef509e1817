import { expect, test } from 'vitest';
import { readTime } from '../../../app/shopify/admin-clients.server.ts';

const at = (text: string) => new Date(`2026-11-22T10:00:${text}Z`);

test.each([
  ['within the second of the header, our clock says where', '10', '10.250', '10.250'],
  ['sent in one second, read in the next: the start of that one', '11', '10.900', '11.000'],
  ['our clock is ahead: no later than the header’s second', '10', '40.000', '10.999'],
  ['our clock is behind: no earlier than the header', '50', '10.000', '50.000'],
])('%s', (_case, header, sent, read) => {
  expect(readTime(at(header), at(sent))).toEqual(at(read));
});

test('without a header it is our own clock', () => {
  expect(readTime(undefined, at('10.250'))).toEqual(at('10.250'));
});
