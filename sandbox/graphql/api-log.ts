/** What came in by the Admin API: the counts of /control/state and the last calls, for people to watch. */
export interface ApiCall {
  /** Grows by one with every call. */
  number: number;
  /** Machine time, ISO 8601. */
  at: string;
  domain: string;
  /** Root fields of the document, never its text or variables. */
  fields: string[];
  requestedCost: number | null;
  /** Null when nothing was done. */
  actualCost: number | null;
  /** Points that were left afterwards. */
  available: number;
  status: number;
  /** Names of the faults that struck. */
  faults: string[];
  throttled: boolean;
  errors: number;
  milliseconds: number;
}

export interface ApiCounts {
  requests: number;
  throttled: number;
  bulkOperations: number;
}

const KEPT = 200;

export class ApiLog {
  #recent: ApiCall[] = [];
  #counts = new Map<string, ApiCounts>();
  #listeners = new Set<(call: ApiCall) => void>();
  #last = 0;

  record(call: Omit<ApiCall, 'number'>): void {
    const counts = this.#countsOf(call.domain);
    counts.requests += 1;
    if (call.throttled) counts.throttled += 1;
    const numbered = { ...call, number: ++this.#last };
    this.#recent.push(numbered);
    if (this.#recent.length > KEPT) this.#recent.shift();
    for (const listener of [...this.#listeners]) listener(numbered);
  }

  bulkStarted(domain: string): void {
    this.#countsOf(domain).bulkOperations += 1;
  }

  counts(domain: string): ApiCounts {
    return { ...this.#countsOf(domain) };
  }

  /** Oldest first, at most 200. */
  recent(domain: string): ApiCall[] {
    return this.#recent.filter((call) => call.domain === domain);
  }

  subscribe(listener: (call: ApiCall) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #countsOf(domain: string): ApiCounts {
    let counts = this.#counts.get(domain);
    if (!counts) {
      counts = { requests: 0, throttled: 0, bulkOperations: 0 };
      this.#counts.set(domain, counts);
    }
    return counts;
  }
}
