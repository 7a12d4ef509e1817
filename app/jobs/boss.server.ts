/**
 * pg-boss on our own pool, in a schema that set-up has made. Web only sends; workers also work and look after
 * lost jobs every two seconds, so that the jobs of a killed worker come back soon after its last heartbeat.
 */
import { PgBoss, systemClock } from 'pg-boss';
import type { Db, Queryable } from '../db/tenancy.server.ts';
import type { Log } from '../log.server.ts';
import { HEARTBEAT_SECONDS, JOB_NAMES, JOBS } from './catalogue.ts';

const LOOK_AFTER_SECONDS = 2;

/** Its timers alone keep no process alive. */
const unreferenced: typeof systemClock = {
  ...systemClock,
  setTimeout: (run, milliseconds) => (systemClock.setTimeout(run, milliseconds) as NodeJS.Timeout).unref(),
  setInterval: (run, milliseconds) => (systemClock.setInterval(run, milliseconds) as NodeJS.Timeout).unref(),
};

/** Started, with every queue of the catalogue. */
export async function startBoss(db: Db, role: 'send' | 'work', log?: Log): Promise<PgBoss> {
  const boss = new PgBoss({
    db: { executeSql: (text, values) => db.pool.query(text, values) },
    schema: 'pgboss',
    createSchema: false,
    schedule: false,
    supervise: role === 'work',
    superviseIntervalSeconds: LOOK_AFTER_SECONDS,
    monitorIntervalSeconds: LOOK_AFTER_SECONDS,
    monitorVacuum: false,
    reindex: role === 'work',
    clock: unreferenced,
  });
  boss.on('error', (error) => log?.warn({ err: error }, 'pg-boss'));
  try {
    await boss.start();
    for (const name of JOB_NAMES) {
      const { onePerShop, expireInSeconds, retryLimit } = JOBS[name];
      const namesCustomers = name === 'refresh';
      await boss.createQueue(name, {
        policy: onePerShop ? 'exclusive' : 'standard',
        expireInSeconds,
        retryLimit,
        retryDelay: 1,
        retryBackoff: true,
        retryDelayMax: 60,
        heartbeatSeconds: HEARTBEAT_SECONDS,
        // No erasure searches the jobs: those that name customers are not kept when they are done.
        deleteAfterSeconds: namesCustomers ? 60 : 24 * 3_600,
        retentionSeconds: 14 * 24 * 3_600,
      });
    }
  } catch (error) {
    await boss.stop({ graceful: false, close: false }).catch(() => undefined);
    throw error;
  }
  return boss;
}

/** The caller's transaction, as pg-boss wants it: the job is there if and only if the transaction commits. */
export function withinTransaction(tx: Queryable): {
  executeSql(text: string, values?: unknown[]): Promise<{ rows: unknown[] }>;
} {
  return { executeSql: (text, values) => tx.query({ text, values: values ?? [] }) };
}
