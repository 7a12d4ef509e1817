/**
 * What the block shows, asked from the app. A relative address goes to the app's own server, with the session token
 * of the person who looks.
 */
export interface ShownSegment {
  name: string;
  /** "since 3 November 2026, because of an order" */
  since: string;
  /** The conditions that hold, each with the customer's value. */
  why: string[];
}

export interface ShownCustomer {
  /** The life-cycle group, "Best customers"; null for people who are left out. */
  lifeCycle: string | null;
  /** "1,200.00 EUR" */
  spent: string;
  orders: number;
  segments: ShownSegment[];
}

export type Loaded =
  | { outcome: 'known'; customer: ShownCustomer }
  /** Not synced yet, erased, or of another store. */
  | { outcome: 'unknown' }
  | { outcome: 'failed' };

/** @param gid "gid://shopify/Customer/123" */
export async function loadCustomer(gid: string): Promise<Loaded> {
  const id = /^gid:\/\/shopify\/Customer\/(\d{1,18})$/.exec(gid)?.[1];
  if (id === undefined) return { outcome: 'unknown' };
  try {
    const answer = await fetch(`/api/customers/${id}`);
    if (answer.status === 404) return { outcome: 'unknown' };
    if (!answer.ok) return { outcome: 'failed' };
    return { outcome: 'known', customer: (await answer.json()) as ShownCustomer };
  } catch {
    return { outcome: 'failed' };
  }
}
