/**
 * flowTriggerReceive: what Shopify Flow would be told. Texts of an unknown handle and of size are captured; that the
 * fields of the trigger's toml are held to their types, and how that is said, is an assumption after the captured
 * texts of the older `body`.
 */
import type { FlowTriggerExtension } from '../functions/app-extensions.ts';
import type { UserError } from '../graphql/mutations/attempt.ts';
import type { SandboxFlowTrigger } from '../store/model.ts';
import type { Store } from '../store/store.ts';

const MOST_BYTES = 50_000;

export function receiveTrigger(
  store: Store,
  triggers: ReadonlyMap<string, FlowTriggerExtension>,
  { handle, payload }: { handle?: string | null; payload?: unknown },
): UserError[] {
  if (!handle || payload === undefined || payload === null) {
    return [{ field: ['handle'], message: '`handle` and `payload` arguments are required' }];
  }
  if (Buffer.byteLength(JSON.stringify(payload)) > MOST_BYTES) {
    return [schemaError([`Properties size exceeds the limit of ${MOST_BYTES} bytes.`])];
  }
  const trigger = triggers.get(handle);
  if (!trigger) return [schemaError([`Invalid handle '${handle}'.`])];
  const faults = payloadFaults(trigger, payload);
  if (faults.length > 0) return [schemaError(faults)];
  const received: SandboxFlowTrigger = {
    id: store.newId('other'),
    handle,
    payload: payload as Record<string, unknown>,
    receivedAt: store.clock.machineNow().toISOString(),
  };
  store.flowTriggers.put(received);
  return [];
}

function payloadFaults({ fields }: FlowTriggerExtension, payload: unknown): string[] {
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) {
    return ['Type error: payload is not an Object.'];
  }
  const given = payload as Record<string, unknown>;
  const known = fields.map((field) => ({ ...field, name: payloadKey(field) }));
  const unknown = Object.keys(given).filter((key) => !known.some(({ name }) => name === key));
  return [
    ...unknown.map((key) => `Invalid field: '${key}'.`),
    ...known.flatMap(({ name, type, required }) => {
      const value = given[name];
      if (value === undefined || value === null)
        return required ? [`Required field missing: '${name}'.`] : [];
      return isOf(type, value)
        ? []
        : [`Type error for field '${name}': ${JSON.stringify(value)} is not a ${type}.`];
    }),
  ];
}

/** A reference goes by its kind: "customer_id". */
function payloadKey({ type, key }: FlowTriggerExtension['fields'][number]): string {
  return key ?? type.replace(/_reference$/, '_id');
}

function isOf(type: string, value: unknown): boolean {
  if (type.endsWith('_reference')) return Number.isSafeInteger(value) && (value as number) > 0;
  if (type === 'boolean') return typeof value === 'boolean';
  if (type === 'number_decimal') return typeof value === 'number' || /^-?\d+(\.\d+)?$/.test(String(value));
  if (type === 'url') return typeof value === 'string' && URL.canParse(value);
  return typeof value === 'string';
}

function schemaError(faults: readonly string[]): UserError {
  return { field: ['body'], message: `Errors validating schema:\n  ${faults.join('\n  ')}\n` };
}
