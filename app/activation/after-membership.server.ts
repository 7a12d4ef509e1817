/**
 * What follows from changed memberships besides tags, in the transaction that changed them: the control group (before
 * all that it gets nothing of), automations in Flow, customer metafields, offers, and what waits for a person. Called once after memberships were evaluated; reads the temporary
 * tables touched_customer and membership_change (customer_id, segment_id, entered, cause).
 *
 * Only rows are written here: whatever needs the network is a job that this wakes.
 */
import type { ShopTx } from '../db/tenancy.server.ts';
import { assignControl } from './control/assign-control.server.ts';
import { queueFlowEvents, type FlowRunWish } from './flow/queue-flow-events.server.ts';
import { raiseAttention } from './flow/raise-attention.server.ts';
import { settleOffers } from './offers/settle-offers.server.ts';
import { queueMetafields } from './metafields/queue-metafields.server.ts';

export interface AfterMembershipOptions {
  /** Business time. */
  now: Date;
  /** The person who approved the change wants automations started for those whom it moves; default: no. */
  startAutomations?: FlowRunWish | null;
  /**
   * moved: nothing but the memberships in membership_change can have changed; default: anything about the touched
   * customers can have.
   */
  scope?: 'touched' | 'moved';
}

export async function afterMembership(
  tx: ShopTx,
  { now, startAutomations = null, scope = 'touched' }: AfterMembershipOptions,
): Promise<void> {
  await assignControl(tx, { now });
  await queueFlowEvents(tx, { now, startAutomations });
  await queueMetafields(tx, { now, scope });
  await settleOffers(tx, { now });
  await raiseAttention(tx, now);
}
