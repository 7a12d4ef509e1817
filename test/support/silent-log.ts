import { Writable } from 'node:stream';
import { createLog, type Log } from '../../app/log.server.ts';

/** A log that keeps its lines for the test to read. */
export function silentLog(): Log & { lines: Record<string, unknown>[] } {
  const lines: Record<string, unknown>[] = [];
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(JSON.parse(chunk.toString()) as Record<string, unknown>);
      done();
    },
  });
  return Object.assign(createLog({ level: 'info', process: 'test' }, sink), { lines });
}
