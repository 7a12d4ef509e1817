/**
 * Tells listening workers that something is due. A courtesy: they look every second anyway, so a lost
 * notification costs a second. Its own statement after the commit (a NOTIFY inside a transaction takes a
 * lock of the whole database at its commit), at most one per interval and process.
 */
import type pg from 'pg';
import { raw, sql } from '../../db/sql.ts';

export const DUE_CHANNEL = 'regulars_due';

export interface Notifier {
  notify(): void;
  close(): void;
}

export function createNotifier(pool: pg.Pool, options: { intervalMs?: number } = {}): Notifier {
  const intervalMs = options.intervalMs ?? 50;
  let timer: NodeJS.Timeout | undefined;
  let wanted = false;
  let closed = false;

  const send = () => {
    wanted = false;
    void pool.query(sql`NOTIFY ${raw(DUE_CHANNEL)}`).catch(() => undefined);
    timer = setTimeout(() => {
      timer = undefined;
      if (wanted) send();
    }, intervalMs);
    timer.unref();
  };

  return {
    notify() {
      if (closed) return;
      if (timer === undefined) send();
      else wanted = true;
    },
    close() {
      closed = true;
      clearTimeout(timer);
    },
  };
}
