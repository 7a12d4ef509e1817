import type { JobName, ParsedJobData } from './catalogue.ts';

/** A run of a job. `signal` is aborted when the process stops or another worker has taken the job over. */
export interface Job<N extends JobName> {
  data: ParsedJobData<N>;
  signal: AbortSignal;
}
