/** What Flow is told, as the fields of the trigger extensions have it (extensions/ holds their tomls). */
export type FlowTrigger = 'entered' | 'left' | 'attention';

export const FLOW_HANDLES: Readonly<Record<FlowTrigger, string>> = {
  entered: 'customer-entered-segment',
  left: 'customer-left-segment',
  attention: 'needs-attention',
};

/** A cause as workflows compare it: one plain word each. */
function causeForFlow(cause: string): string {
  if (cause === 'clock') return 'date';
  if (cause === 'timezone') return 'time zone';
  if (cause === 'refit') return 'new numbers';
  return cause;
}

export interface FlowMessage {
  trigger: FlowTrigger;
  customerId: string | null;
  /** Of the segment, or the subject. */
  title: string;
  /** The cause, or the message. */
  detail: string;
}

/** The payload of flowTriggerReceive. */
export function flowPayload({ trigger, customerId, title, detail }: FlowMessage): Record<string, unknown> {
  if (trigger === 'attention') return { Subject: title, Message: detail };
  // Shopify's numeric id, as a number: well below what a double holds exactly.
  return { customer_id: Number(customerId), 'Segment Name': title, Cause: causeForFlow(detail) };
}
