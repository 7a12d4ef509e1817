/**
 * LISTEN on a connection of its own (a pooler in between would swallow it), opened again with back-off when it
 * breaks. A courtesy that saves up to a second: the loop looks each second anyway.
 */
import pg from 'pg';
import { backOffMs } from '../back-off.ts';
import { raw, sql } from '../db/sql.ts';
import { DUE_CHANNEL } from '../intake/inbox/notifier.server.ts';
import type { Log } from '../log.server.ts';

const BACK_OFF = { firstMs: 250, longestMs: 10_000 };

export interface Listening {
  stop(): Promise<void>;
}

export function listenDue(url: string, onDue: () => void, log: Log): Listening {
  let stopped = false;
  let client: pg.Client | undefined;
  let timer: NodeJS.Timeout | undefined;
  let failures = 0;

  async function connect(): Promise<void> {
    const mine = new pg.Client({
      connectionString: url,
      application_name: 'regulars-listen',
      connectionTimeoutMillis: 5_000,
      keepAlive: true,
    });
    client = mine;
    let lost = false;
    const again = () => {
      if (lost || stopped) return;
      lost = true;
      void mine.end().catch(() => undefined);
      const wait = backOffMs(BACK_OFF, failures++);
      timer = setTimeout(() => void connect(), wait);
    };
    mine.on('error', again);
    mine.on('end', again);
    mine.on('notification', onDue);
    try {
      await mine.connect();
      await mine.query(sql`LISTEN ${raw(DUE_CHANNEL)}`);
      failures = 0;
      onDue(); // what was said while nobody listened
    } catch (error) {
      if (failures === 0) log.warn({ err: error }, 'LISTEN is not possible: trying again');
      again();
    }
  }
  void connect();
  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await client?.end().catch(() => undefined);
    },
  };
}
