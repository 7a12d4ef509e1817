/**
 * Child processes that end with us. Each is its own process group (a Ctrl-C in the terminal reaches only the
 * launcher, which stops them in order) and has an IPC channel, whose end tells it that the launcher is gone.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import path from 'node:path';

export interface Managed {
  readonly name: string;
  readonly child: ChildProcess;
  /** Resolves with what ended it. */
  readonly ended: Promise<string>;
  /** SIGTERM, then SIGKILL when it has not ended within the time. */
  stop(withinMs?: number): Promise<void>;
}

export function startProcess(options: {
  name: string;
  script: string;
  args?: string[];
  cwd: string;
  env: Record<string, string | undefined>;
  logFolder: string;
  /** Called with each line of stdout. */
  onLine?: (line: string) => void;
}): Managed {
  mkdirSync(options.logFolder, { recursive: true });
  const log = createWriteStream(path.join(options.logFolder, `${options.name}.log`));
  const child = spawn(
    process.execPath,
    [
      '--disable-warning=ExperimentalWarning',
      '--enable-source-maps',
      options.script,
      ...(options.args ?? []),
    ],
    {
      cwd: options.cwd,
      env: options.env as NodeJS.ProcessEnv,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    },
  );
  child.stderr?.pipe(log, { end: false });
  let rest = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    log.write(chunk);
    const lines = (rest + chunk.toString()).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) options.onLine?.(line);
  });
  // Whatever ends the launcher (an error while others start, a second signal), nothing stays behind.
  const killOnExit = () => void child.kill('SIGKILL');
  process.once('exit', killOnExit);
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(signal ? `signal ${signal}` : `code ${code}`));
  });
  void ended.then(() => {
    process.off('exit', killOnExit);
    log.end();
  });
  return {
    name: options.name,
    child,
    ended,
    async stop(withinMs = 10_000) {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      const killer = setTimeout(() => child.kill('SIGKILL'), withinMs);
      await ended;
      clearTimeout(killer);
    },
  };
}

/** Polls until `check` gives a value; fails with `what` after the time, or at once when `failed` says why. */
export async function until<T>(
  what: string,
  check: () => Promise<T | undefined>,
  options: { withinMs: number; everyMs?: number; failed?: () => string | undefined },
): Promise<T> {
  const deadline = Date.now() + options.withinMs;
  for (;;) {
    const failure = options.failed?.();
    if (failure) throw new Error(`${what}: ${failure}`);
    const value = await check().catch(() => undefined);
    if (value !== undefined) return value;
    if (Date.now() > deadline) throw new Error(`${what}: not within ${options.withinMs / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, options.everyMs ?? 100));
  }
}
