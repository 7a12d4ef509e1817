/** Asks for a job, inside the caller's transaction if it has one. Web and worker both send; pg-boss starts at first use. */
import type { PgBoss } from 'pg-boss';
import type { Db, Queryable } from '../db/tenancy.server.ts';
import { startBoss, withinTransaction } from './boss.server.ts';
import { JOBS, type JobData, type JobName } from './catalogue.ts';

export interface JobSender {
  /**
   * @returns whether a job was added; false: the shop already has one of this kind waiting or running
   * @throws ZodError when the data are not what the catalogue says
   */
  send<N extends JobName>(name: N, data: JobData<N>, options?: { tx?: Queryable }): Promise<boolean>;
  close(): Promise<void>;
}

export function createJobSender({ db }: { db: Db }): JobSender {
  let starting: Promise<PgBoss> | undefined;
  /** A start that failed (the database is away) is tried again by the next send. */
  const started = async (): Promise<PgBoss> => {
    starting ??= startBoss(db, 'send');
    try {
      return await starting;
    } catch (error) {
      starting = undefined;
      throw error;
    }
  };
  return {
    async send(name, data, { tx } = {}) {
      const { shopId } = JOBS[name].schema.parse(data);
      const boss = await started();
      const id = await boss.send(name, data as object, {
        ...(JOBS[name].onePerShop ? { singletonKey: shopId } : {}),
        ...(tx ? { db: withinTransaction(tx) } : {}),
      });
      return id !== null;
    },
    async close() {
      const boss = await starting?.catch(() => undefined);
      starting = undefined;
      await boss?.stop({ graceful: false, close: false });
    },
  };
}
