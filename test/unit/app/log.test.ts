import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { AppError } from '../../../app/app-error.ts';
import { createLog } from '../../../app/log.server.ts';

const CANARIES = ['shpat_canary', 'canary@example.com', '+49canary'];

function logged(write: (log: ReturnType<typeof createLog>) => void): string {
  const lines: string[] = [];
  const sink = new Writable({
    write: (chunk: Buffer, _encoding, done) => (lines.push(chunk.toString()), done()),
  });
  write(createLog({ level: 'trace', process: 'test' }, sink));
  return lines.join('');
}

test('tokens and personal data do not reach a log line, wherever they stand', () => {
  const said = logged((log) => {
    log.info(
      {
        accessToken: CANARIES[0],
        customer: { email: CANARIES[1], phone: CANARIES[2] },
        a: { b: { token: CANARIES[0] } },
      },
      'x',
    );
    log.error({ err: new Error(`request failed with ${CANARIES[0]} for ${CANARIES[1]}`) }, 'failed');
    log.error(
      {
        err: new AppError('shopify_access', 'The token is no longer good.', {
          cause: new Error(CANARIES[0]),
        }),
      },
      'failed',
    );
  });
  for (const canary of CANARIES) expect(said).not.toContain(canary);
  expect(said).toContain('shopify_access');
  expect(said).toContain('The token is no longer good.');
});

test('a log line carries its process, time, level and ids', () => {
  const line = JSON.parse(logged((log) => log.child({ shopId: '7', jobId: 'j' }).warn('slow'))) as Record<
    string,
    unknown
  >;
  expect(line).toMatchObject({ process: 'test', level: 'warn', shopId: '7', jobId: 'j', msg: 'slow' });
});

test('an error of another copy of the class keeps its words and context', () => {
  class AnotherCopy extends Error {
    override name = 'AppError';
    code = 'not_found';
    userMessage = 'This store is not set up.';
    context = { shopId: '7' };
    retryable = false;
  }
  const line = JSON.parse(logged((log) => log.error({ err: new AnotherCopy('x') }, 'refused'))) as unknown;
  expect(line).toMatchObject({
    err: { name: 'AppError', code: 'not_found', message: 'This store is not set up.', shopId: '7' },
  });
});
