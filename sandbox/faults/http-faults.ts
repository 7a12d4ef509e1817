/** The faults of HTTP itself, around any route that an app calls: refused, broken, late, cut off. */
import { pause } from '../bulk/pace.ts';
import { jsonAnswer } from '../http/route.ts';
import type { SandboxAnswer } from '../http/route.ts';
import type { Chance, Faults } from './faults.ts';

export type FaultPlace = 'graphql' | 'bulk-result' | 'staged-upload' | 'token';

const BUSY =
  'Exceeded the number of calls per second for api client. Reduce request rates to resume uninterrupted service.';

/** Runs what is behind the route, unless a fault comes before it, and loses its answer if one comes after it. */
export async function withHttpFaults(
  faults: Faults,
  place: FaultPlace,
  chance: Chance,
  signal: AbortSignal,
  run: () => SandboxAnswer | Promise<SandboxAnswer>,
): Promise<SandboxAnswer> {
  const here = ({ on }: { on: FaultPlace }) => on === place;
  const busy = faults.strike('too-many-requests', chance, here);
  if (busy) {
    const wait = busy.settings.retryAfter;
    return jsonAnswer({ errors: BUSY }, 429, {
      'retry-after': Number.isInteger(wait) ? `${wait}.0` : String(wait),
    });
  }

  const broken = faults.strike('server-error', chance, here);
  if (broken) {
    if (broken.settings.when === 'after') await drop(await run());
    return serverError(broken.settings.status);
  }

  const hang = faults.strike('hang', chance, here);
  if (hang) {
    const { when, then } = hang.settings;
    const early = when === 'after' ? await run() : undefined;
    await pause(hang.settings.for * 1000, signal);
    if (then === 'close' || signal.aborted) {
      if (early) await drop(early);
      return { breakAt: -1 };
    }
    return early ?? run();
  }

  const reset = faults.strike('reset', chance, here);
  if (!reset) return run();
  if (reset.settings.when === 'before') return { breakAt: -1 };
  const answer = await run();
  const size = sizeOf(answer);
  return { ...answer, breakAt: size === undefined ? 1 : Math.floor(size / 2) };
}

function serverError(status: number): SandboxAnswer {
  // What stands before Shopify answers with a page, not with JSON.
  return {
    status,
    headers: { 'content-type': 'text/html; charset=utf-8' },
    body: `<html><head><title>${status}</title></head><body><h1>${status}</h1></body></html>\n`,
  };
}

function sizeOf({ body, headers }: SandboxAnswer): number | undefined {
  if (typeof body === 'string') return Buffer.byteLength(body);
  if (Buffer.isBuffer(body)) return body.length;
  const told = Number(headers?.['content-length'] ?? Number.NaN);
  return Number.isFinite(told) ? told : undefined;
}

/** An answer that nobody gets: its file is closed. */
async function drop({ body }: SandboxAnswer): Promise<void> {
  if (body !== undefined && typeof body !== 'string' && !Buffer.isBuffer(body)) body.destroy();
}
