import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { at, openSandbox } from './call-sandbox.ts';
import type { Caller } from './call-sandbox.ts';

const APP_CONFIG = path.resolve(import.meta.dirname, '../../../shopify.app.toml');
const SEND =
  'mutation($handle: String, $payload: JSON) { flowTriggerReceive(handle: $handle, payload: $payload) { userErrors { field message } } }';
const HANDLE = 'customer-entered-segment';
const payload = { customer_id: 123, 'Segment Name': 'VIP', Cause: 'order' };

async function send({ ask }: Caller, handle: unknown, sent: unknown): Promise<unknown> {
  const { data, errors } = await ask(SEND, { handle, payload: sent });
  expect(errors).toBeUndefined();
  return at(data, 'flowTriggerReceive', 'userErrors');
}

const schemaError = (...faults: string[]) => [
  { field: ['body'], message: `Errors validating schema:\n  ${faults.join('\n  ')}\n` },
];

describe('flowTriggerReceive', () => {
  it('takes a trigger of the app’s extensions, and the control API shows it', async () => {
    const caller = await openSandbox({ appConfig: APP_CONFIG });
    const { cost } = await caller.ask(SEND, { handle: HANDLE, payload });
    expect(cost).toMatchObject({ requestedQueryCost: 1, actualQueryCost: 1 });
    expect(await send(caller, 'needs-attention', { Subject: 'Held', Message: 'Look' })).toEqual([]);
    const read = async (query: string) =>
      (await (await fetch(`${caller.sandbox.url}/control/${query}`)).json()) as Record<string, unknown>;
    expect(await read('flow-triggers')).toMatchObject({
      total: 2,
      triggers: [{ handle: HANDLE, payload }, { handle: 'needs-attention' }],
    });
    expect(await read(`flow-triggers?handle=${HANDLE}`)).toMatchObject({ total: 1 });
    expect((await read('state'))['flow']).toEqual({ received: { [HANDLE]: 1, 'needs-attention': 1 } });
  });

  it('refuses what is no trigger of the app, too large, or not as its fields say', async () => {
    const caller = await openSandbox({ appConfig: APP_CONFIG });
    expect(await send(caller, 'nonsense', payload)).toEqual(schemaError("Invalid handle 'nonsense'."));
    expect(await send(caller, 'segment-offers', payload)).toEqual(
      schemaError("Invalid handle 'segment-offers'."),
    );
    expect(await send(caller, HANDLE, { ...payload, Cause: 'x'.repeat(50_000) })).toEqual(
      schemaError('Properties size exceeds the limit of 50000 bytes.'),
    );
    expect(await send(caller, HANDLE, { customer_id: '123', 'Segment Name': 7, Other: 1 })).toEqual(
      schemaError(
        "Invalid field: 'Other'.",
        'Type error for field \'customer_id\': "123" is not a customer_reference.',
        "Type error for field 'Segment Name': 7 is not a single_line_text_field.",
        "Required field missing: 'Cause'.",
      ),
    );
    expect(await send(caller, HANDLE, null)).toEqual([
      { field: ['handle'], message: '`handle` and `payload` arguments are required' },
    ]);
    expect(caller.store.flowTriggers.size).toBe(0);
  });

  it('an app without extensions has no trigger', async () => {
    const caller = await openSandbox();
    expect(await send(caller, HANDLE, payload)).toEqual(schemaError(`Invalid handle '${HANDLE}'.`));
  });
});
