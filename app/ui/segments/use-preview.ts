/**
 * The live count while a rule is being written: asked when typing has rested, an older question is given up when a
 * newer one is asked, and nothing on the page waits for the answer.
 */
import { useEffect, useState } from 'react';
import type { RuleFault } from '../../segments/rule.ts';

/** What /app/segments/preview answers. */
export type PreviewAnswer =
  | {
      outcome: 'counted';
      size: number;
      everybody: number;
      spentMinor: string;
      sample: string[];
      against: { gains: number; loses: number } | null;
    }
  | { outcome: 'faults'; faults: RuleFault[] }
  | { outcome: 'too_slow' }
  | { outcome: 'not_imported' };

export interface Preview {
  answer: PreviewAnswer | undefined;
  /** A newer answer is under way. */
  counting: boolean;
  /** The last question was not answered. */
  failed: boolean;
}

const REST_MS = 350;

/** The rule to get in, or the softer one to stay beside it. */
export type PreviewedPart = 'rule' | 'keep';

/** @param portable the rule as it is sent; null while it is not finished: nothing is asked */
export function usePreview(
  key: string | null,
  portable: string | null,
  part: PreviewedPart = 'rule',
): Preview {
  const [state, setState] = useState<Preview & { of: string | null }>({
    of: null,
    answer: undefined,
    counting: false,
    failed: false,
  });
  useEffect(() => {
    if (portable === null) return undefined;
    const stop = new AbortController();
    setState((before) => ({ ...before, counting: true }));
    const timer = setTimeout(() => {
      void ask({ key, part }, portable, stop.signal).then(
        (answer) => setState({ of: portable, answer, counting: false, failed: false }),
        () => {
          if (!stop.signal.aborted) setState((before) => ({ ...before, counting: false, failed: true }));
        },
      );
    }, REST_MS);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [key, part, portable]);
  return { ...state, counting: portable !== null && state.counting };
}

async function ask(
  of: { key: string | null; part: PreviewedPart },
  portable: string,
  signal: AbortSignal,
): Promise<PreviewAnswer> {
  const answer = await fetch('/app/segments/preview', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: `{"key":${JSON.stringify(of.key)},"part":"${of.part}","rule":${portable}}`,
    signal,
  });
  if (!answer.ok) throw new TypeError(`the preview answered ${answer.status}`);
  return (await answer.json()) as PreviewAnswer;
}
