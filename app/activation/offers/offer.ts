import type { LocalDate } from '../../local-date.ts';
import type { OfferTerms, OfferWay } from './terms.ts';

/** running: given to who enters, in force from its first day. paused: nobody gets anything, holders stay. */
export type OfferState = 'running' | 'paused' | 'ended';
export type OfferEnd = 'hand' | 'date' | 'segment' | 'leaving' | 'uninstalled';

export interface Offer {
  id: string;
  segmentId: string;
  segmentKey: string | null;
  segmentName: string;
  segmentStatus: string | null;
  name: string;
  /** With the shop's prefix. */
  tag: string;
  terms: OfferTerms;
  state: OfferState;
  startsOn: LocalDate;
  endsOn: LocalDate;
  keepDays: number;
  mostHolders: number | null;
  mostCostMinor: string | null;
  /** Of the money in its terms and its bound; null: there is none. */
  currency: string | null;
  /** A bound has left somebody out: what comes free is for the first in line. */
  lineWaits: boolean;
  way: OfferWay;
  code: string | null;
  slot: number | null;
  madeAt: Date;
  endedAt: Date | null;
  endCause: OfferEnd | null;
}
