import type { FaultPlan } from './fault-plan.ts';
import type { BulkOperation } from './operation.ts';

/** The state in which an operation ends, and which of the two addresses has what it wrote. @param url null: none */
export function endOperation(
  operation: BulkOperation,
  url: string | null,
  {
    failure,
    timedOut,
    aborted,
    fault,
  }: { failure: unknown; timedOut: boolean; aborted: boolean; fault: FaultPlan['ends'] },
): void {
  const end = (status: BulkOperation['status'], code: BulkOperation['errorCode'], reason: string | null) => {
    operation.status = status;
    operation.errorCode = code;
    operation.failure = reason;
    operation.partialDataUrl = url;
  };
  if (failure !== undefined) {
    const reason = failure instanceof Error ? failure.message : String(failure);
    return end('FAILED', codeOf(failure), reason);
  }
  if (timedOut) return end('FAILED', 'TIMEOUT', 'It took longer than Shopify lets it.');
  if (aborted) return end('CANCELED', null, null);
  if (fault && fault.status !== 'STUCK') {
    return end(fault.status, fault.code, fault.status === 'FAILED' ? 'A fault that was armed.' : null);
  }
  operation.status = 'COMPLETED';
  operation.url = url;
}

/** A field that the app may not see ends a bulk operation with ACCESS_DENIED (documented). */
function codeOf(failure: unknown): 'ACCESS_DENIED' | 'INTERNAL_SERVER_ERROR' {
  const code = (failure as { extensions?: { code?: unknown } } | null)?.extensions?.code;
  return code === 'ACCESS_DENIED' ? 'ACCESS_DENIED' : 'INTERNAL_SERVER_ERROR';
}
