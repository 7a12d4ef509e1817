/** One document with many aliased flowTriggerReceive (a point each). Payloads travel as variables. */
import { z } from 'zod';
import { FLOW_HANDLES, flowPayload, type FlowMessage } from './flow-words.ts';

/** Triggers in one request: small beside Shopify's 1,000 points, and soon done. */
export const MOST_TRIGGERS = 50;

export function composeFlowMutation(messages: readonly FlowMessage[]): {
  document: string;
  variables: Record<string, unknown>;
} {
  const variables: Record<string, unknown> = {};
  const declarations: string[] = [];
  const fields = messages.map((message, index) => {
    declarations.push(`$handle${index}: String!`, `$payload${index}: JSON!`);
    variables[`handle${index}`] = FLOW_HANDLES[message.trigger];
    variables[`payload${index}`] = flowPayload(message);
    return `  trigger${index}: flowTriggerReceive(handle: $handle${index}, payload: $payload${index}) { userErrors { field message } }`;
  });
  return {
    document: `mutation StartAutomations(${declarations.join(', ')}) {\n${fields.join('\n')}\n}`,
    variables,
  };
}

export type FlowAnswer =
  | { kind: 'done' }
  /** This one will never be taken. */
  | { kind: 'refused'; said: string }
  /** Not now: no answer, or the trigger is not there (yet). */
  | { kind: 'later'; said: string };

const payloadSchema = z.object({ userErrors: z.array(z.object({ message: z.string() })) });

export function flowAnswerOf(data: unknown, index: number): FlowAnswer {
  const all = (data ?? {}) as Record<string, unknown>;
  const parsed = payloadSchema.safeParse(all[`trigger${index}`]);
  if (!parsed.success) return { kind: 'later', said: 'no_answer' };
  const said = parsed.data.userErrors[0]?.message;
  if (said === undefined) return { kind: 'done' };
  // The version of the app that the store has does not know the trigger: the next one may.
  return /handle/i.test(said) ? { kind: 'later', said } : { kind: 'refused', said };
}
