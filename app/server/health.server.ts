/** /healthz: the process lives. /readyz: it can serve, so its database answers. Neither says anything else. */
import type { RequestHandler } from 'express';
import type { Db } from '../db/tenancy.server.ts';
import type { Log } from '../log.server.ts';

const DATABASE_PATIENCE_MS = 2_000;

export const healthz: RequestHandler = (_request, response) => {
  response.status(200).type('text/plain').send('ok');
};

export function readyz(ctx: { db: Db; log: Log; draining(): boolean }): RequestHandler {
  return (_request, response) => {
    const answer = (status: number, words: string) => response.status(status).type('text/plain').send(words);
    if (ctx.draining()) {
      answer(503, 'stopping');
      return;
    }
    void databaseAnswers(ctx.db).then(
      () => answer(200, 'ready'),
      (error: unknown) => {
        ctx.log.warn({ err: error }, 'not ready');
        answer(503, 'not ready');
      },
    );
  };
}

async function databaseAnswers(db: Db): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('the database does not answer')), DATABASE_PATIENCE_MS);
  });
  try {
    await Promise.race([db.pool.query('SELECT 1 FROM shop LIMIT 1'), late]);
  } finally {
    clearTimeout(timer);
  }
}
