/**
 * The calls that make, change and remove our discounts. userErrors come back as what Shopify said; everything else is
 * thrown as by the Admin client.
 */
import type { AdminClient, AdminRequestOptions } from '../../shopify/admin-client.ts';
import * as documents from '../../shopify/documents/discounts.ts';
import { saysGone } from '../../shopify/says-gone.ts';
import { numberOf } from './store-discount.ts';
import type { DiscountKind } from './wanted-discounts.ts';

export type Said = { ok: true; id: string | null } | { ok: false; message: string; code: string | null };

const CREATE = {
  automatic: {
    basic: documents.CREATE_AUTOMATIC_BASIC,
    bxgy: documents.CREATE_AUTOMATIC_BXGY,
    free_shipping: documents.CREATE_AUTOMATIC_FREE_SHIPPING,
    app: documents.CREATE_AUTOMATIC_APP,
  },
  code: {
    basic: documents.CREATE_CODE_BASIC,
    bxgy: documents.CREATE_CODE_BXGY,
    free_shipping: documents.CREATE_CODE_FREE_SHIPPING,
  },
} as const;

const UPDATE = {
  automatic: {
    basic: documents.UPDATE_AUTOMATIC_BASIC,
    bxgy: documents.UPDATE_AUTOMATIC_BXGY,
    free_shipping: documents.UPDATE_AUTOMATIC_FREE_SHIPPING,
    app: documents.UPDATE_AUTOMATIC_APP,
  },
  code: {
    basic: documents.UPDATE_CODE_BASIC,
    bxgy: documents.UPDATE_CODE_BXGY,
    free_shipping: documents.UPDATE_CODE_FREE_SHIPPING,
  },
} as const;

export interface Which {
  automatic: boolean;
  kind: DiscountKind;
}

const background = (signal?: AbortSignal): AdminRequestOptions => ({
  priority: 'background',
  ...(signal ? { signal } : {}),
});

export async function createDiscount(
  admin: AdminClient,
  which: Which,
  discount: Record<string, unknown>,
  signal?: AbortSignal,
): Promise<Said> {
  const document = documentOf(CREATE, which);
  // Not repeatable: whether a lost answer meant success is found out by the marker.
  const { data } = await admin.requestComposed(document, { discount }, background(signal));
  return readPayload(data);
}

export async function updateDiscount(
  admin: AdminClient,
  which: Which & { id: string },
  discount: Record<string, unknown>,
  signal?: AbortSignal,
): Promise<Said> {
  const { data } = await admin.requestComposed(
    documentOf(UPDATE, which),
    { id: nodeGid(which), discount },
    { ...background(signal), repeatable: true },
  );
  return readPayload(data);
}

/** It takes nothing off from now on, and can be put in force again by an update. */
export async function deactivateDiscount(
  admin: AdminClient,
  which: { automatic: boolean; id: string },
  signal?: AbortSignal,
): Promise<Said> {
  const document = which.automatic ? documents.DEACTIVATE_AUTOMATIC : documents.DEACTIVATE_CODE;
  const { data } = await admin.requestComposed(
    document,
    { id: nodeGid(which) },
    { ...background(signal), repeatable: true },
  );
  return readPayload(data);
}

/** One that is gone already is removed, too. */
export async function deleteDiscount(
  admin: AdminClient,
  which: { automatic: boolean; id: string },
  signal?: AbortSignal,
): Promise<Said> {
  const document = which.automatic ? documents.DELETE_AUTOMATIC : documents.DELETE_CODE;
  const { data } = await admin.requestComposed(
    document,
    { id: nodeGid(which) },
    { ...background(signal), repeatable: true },
  );
  return orGone(readPayload(data));
}

function documentOf(of: typeof CREATE | typeof UPDATE, { automatic, kind }: Which): string {
  const document = automatic ? of.automatic[kind] : kind === 'app' ? undefined : of.code[kind];
  if (document === undefined) throw new TypeError('there are no codes for the function’s discounts');
  return document;
}

function nodeGid({ automatic, id }: { automatic: boolean; id: string }): string {
  return `gid://shopify/${automatic ? 'DiscountAutomaticNode' : 'DiscountCodeNode'}/${id}`;
}

interface Payload {
  userErrors?: { message?: unknown; code?: unknown }[];
  automaticDiscountNode?: { id?: unknown } | null;
  codeDiscountNode?: { id?: unknown } | null;
  automaticAppDiscount?: { discountId?: unknown } | null;
}

function readPayload(data: unknown): Said {
  const payload = Object.values((data ?? {}) as Record<string, unknown>)[0] as Payload | undefined;
  const [error] = payload?.userErrors ?? [];
  if (error) {
    return {
      ok: false,
      message: String(error.message ?? 'no reason').slice(0, 300),
      code: typeof error.code === 'string' ? error.code : null,
    };
  }
  const id =
    payload?.automaticDiscountNode?.id ??
    payload?.codeDiscountNode?.id ??
    payload?.automaticAppDiscount?.discountId;
  return { ok: true, id: typeof id === 'string' ? numberOf(id) : null };
}

function orGone(said: Said): Said {
  return !said.ok && saysGone(said.message) ? { ok: true, id: null } : said;
}
