/** The form of an offer: its fields as they are typed, what they are checked against, and what they are read to. Pure. */
import { addDays, type LocalDate } from '../../local-date.ts';
import type { OfferTerms, OfferWay } from './terms.ts';

export const OFFER_FIELDS = [
  'name', 'kind', 'percent', 'amount', 'on', 'items', 'buyQuantity', 'buyOn', 'buyItems', 'getQuantity', 'getPercent',
  'minimumKind', 'minimum', 'startsOn', 'endsOn', 'keepDays', 'once', 'usageLimit', 'combineProduct', 'combineOrder',
  'combineShipping', 'way', 'code', 'mostHolders', 'mostCost', 'present',
] as const; // prettier-ignore
export type OfferField = (typeof OFFER_FIELDS)[number];
export type OfferForm = Readonly<Record<OfferField, string>>;

/** How long an offer runs unless the merchant says otherwise; renewable. */
export const DEFAULT_DAYS = 90;
export const DEFAULT_KEEP_DAYS = 14;

export interface OfferDraft {
  name: string;
  terms: OfferTerms;
  startsOn: LocalDate;
  /** The last day. */
  endsOn: LocalDate;
  keepDays: number;
  way: OfferWay;
  code: string | null;
  mostHolders: number | null;
  mostCostMinor: string | null;
  /** Also for those who are in the segment now. */
  present: boolean;
}

export interface OfferSurroundings {
  currency: string;
  today: LocalDate;
  /** Members of the segment now. */
  members: number;
  /** Names of the other offers that have not ended. */
  namesTaken: readonly string[];
  /** Codes of all other discounts of the store, as far as they are known. */
  codesTaken: readonly string[];
  /** Automatic discounts of the store that are active or planned, without this offer's own. */
  activeAutomatic: number;
  /** A discount of the app's is in force that has room for it: one more offer in it costs no further discount. */
  servedByFunction(offer: Pick<OfferDraft, 'name' | 'terms' | 'startsOn' | 'endsOn'>): boolean;
  /** The way when the merchant leaves it to the app. */
  suggestedWay: OfferWay;
  /** Of a change: the offer began then, and its beginning stays. */
  startedOn?: LocalDate;
}

export type OfferFaults = Partial<Record<OfferField, string>>;
export type ReadOffer = { ok: true; draft: OfferDraft } | { ok: false; faults: OfferFaults };

export function emptyOfferForm(today: LocalDate, name: string): OfferForm {
  return {
    name, kind: 'percentage', percent: '', amount: '', on: 'all', items: '', buyQuantity: '2', buyOn: 'all', buyItems: '',
    getQuantity: '1', getPercent: '100', minimumKind: 'none', minimum: '', startsOn: today,
    endsOn: addDays(today, DEFAULT_DAYS), keepDays: String(DEFAULT_KEEP_DAYS), once: 'yes', usageLimit: '',
    combineProduct: '', combineOrder: '', combineShipping: 'yes', way: 'auto', code: '', mostHolders: '', mostCost: '',
    present: 'yes',
  }; // prettier-ignore
}
