/**
 * What the worker does between jobs: looks which shops are due (each second, or when PostgreSQL says so), gives
 * each one turn at a time, and settles a wake-up at the version it saw before it looked.
 *
 * Fair between shops: a turn is one batch; a shop with more comes again after the others that are due (its wake-up
 * goes to the end of the queue). Bounded: so many turns side by side. A turn that fails is tried again with back-off;
 * until then the shop is not looked at, so that any number of them holds up nobody else.
 */
import { backOffMs } from '../back-off.ts';
import { dueShops, settle, type DueShop, type Work } from '../db/shop-due.server.ts';
import type { Clock } from '../clock.ts';
import type { Db } from '../db/tenancy.server.ts';
import type { Log } from '../log.server.ts';

/** What a turn found. `nextAt` in the time that the work is due by; null: nothing more to expect. */
export type Turn = { more: true } | { more: false; nextAt: Date | null };

export interface TurnTaker {
  /** Business time for reviews and nights, machine time for everything else. */
  by: 'business' | 'machine';
  take(due: DueShop): Promise<Turn>;
}

export interface WorkLoop {
  /** Look now. */
  wake(): void;
  /** No new turns; resolves when those under way have ended. */
  stop(): Promise<void>;
}

export interface WorkLoopOptions {
  concurrency: number;
  pollMs?: number;
  /** Shops to look at for each kind of work. */
  lookAt?: number;
}

const LOOK_AT = 200;
const BACK_OFF = { firstMs: 500, longestMs: 60_000 };

export function startWorkLoop(
  ctx: { db: Db; clock: Clock; log: Log },
  takers: Readonly<Partial<Record<Work, TurnTaker>>>,
  { concurrency, pollMs = 1_000, lookAt = LOOK_AT }: WorkLoopOptions,
): WorkLoop {
  const running = new Map<string, { due: DueShop; ended: Promise<void> }>();
  /** Failed turns: how often, and until when (machine time) they wait. */
  const failures = new Map<string, { due: DueShop; count: number; until: number }>();
  /** Shops in the order of their last turn: who had one last comes last. */
  const lastTurn = new Map<string, number>();
  let turns = 0;
  let stopped = false;
  let wanted = true;
  let wakeUp: () => void = () => undefined;
  let down = false;

  const works = Object.entries(takers) as [Work, TurnTaker][];

  const timeOf = (taker: TurnTaker) => (taker.by === 'business' ? ctx.clock.now() : ctx.clock.machineNow());

  async function look(): Promise<DueShop[]> {
    const all: DueShop[] = [];
    const machineNow = ctx.clock.machineNow().getTime();
    const notNow = [...running.values()].map(({ due }) => due);
    for (const { due, until } of failures.values()) if (until > machineNow) notNow.push(due);
    for (const [work, taker] of works) {
      const except = notNow.filter((due) => due.work === work).map((due) => due.shopId);
      all.push(...(await dueShops(ctx.db, work, timeOf(taker), lookAt, except)));
    }
    return all
      .filter((due) => !running.has(keyOf(due)))
      .sort((a, b) => (lastTurn.get(keyOf(a)) ?? 0) - (lastTurn.get(keyOf(b)) ?? 0));
  }

  async function turn(due: DueShop, taker: TurnTaker): Promise<void> {
    const key = keyOf(due);
    try {
      const result = await taker.take(due);
      await settle(ctx.db, due, result.more ? timeOf(taker) : result.nextAt);
      failures.delete(key);
    } catch (error) {
      const count = (failures.get(key)?.count ?? 0) + 1;
      const wait = backOffMs(BACK_OFF, count - 1);
      failures.set(key, { due, count, until: ctx.clock.machineNow().getTime() + wait });
      ctx.log.error({ err: error, shopId: due.shopId, work: due.work, tries: count }, 'a turn failed');
    }
  }

  function start(due: DueShop): void {
    const taker = takers[due.work];
    if (!taker) return;
    const key = keyOf(due);
    lastTurn.delete(key);
    lastTurn.set(key, ++turns);
    if (lastTurn.size > 10_000) lastTurn.delete(lastTurn.keys().next().value ?? key);
    const ended = turn(due, taker).finally(() => {
      running.delete(key);
      loop.wake();
    });
    running.set(key, { due, ended });
  }

  async function run(): Promise<void> {
    while (!stopped) {
      wanted = false;
      try {
        for (const due of await look()) {
          if (stopped || running.size >= concurrency) break;
          start(due);
        }
        if (down) ctx.log.info('the database answers again');
        down = false;
      } catch (error) {
        if (!down) ctx.log.warn({ err: error }, 'the database does not answer: looking again each second');
        down = true;
      }
      if (wanted && !down && running.size < concurrency) continue;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, pollMs);
        wakeUp = () => {
          clearTimeout(timer);
          resolve();
        };
        if (stopped) wakeUp();
      });
    }
  }

  const loop: WorkLoop = {
    wake() {
      wanted = true;
      if (!down) wakeUp();
    },
    async stop() {
      stopped = true;
      wakeUp();
      await ended;
      await Promise.allSettled([...running.values()].map((one) => one.ended));
    },
  };
  const ended = run();
  return loop;
}

function keyOf(due: DueShop): string {
  return `${due.work}:${due.shopId}`;
}
