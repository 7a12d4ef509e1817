/**
 * What a merchant typed, as an offer; or a sentence for each field that is not right. Pure: the form says it while it
 * is filled in, the server again before anything is made.
 */
import { daysBetween, parseLocalDate, type LocalDate } from '../../local-date.ts';
import { decimalOf } from '../../money.ts';
import { holdsControl } from '../../segments/segment-names.ts';
import { tooLargeAlone } from './function-offers.ts';
import type { OfferFaults, OfferField, OfferForm, OfferSurroundings, ReadOffer } from './offer-form.ts';
import { moneySentence, optional, readMoney, readNumber, readPercent } from './read-offer-values.ts';
import {
  ACTIVE_AUTOMATIC_LIMIT,
  MAX_TITLE,
  OFFER_WAYS,
  titleOf,
  type OfferGives,
  type OfferItems,
  type OfferTerms,
  type OfferWay,
} from './terms.ts';

const LONGEST_DAYS = 366;

export function readOfferForm(form: OfferForm, around: OfferSurroundings): ReadOffer {
  const faults: OfferFaults = {};
  const fault = (field: OfferField, sentence: string): undefined => {
    faults[field] ??= sentence;
    return undefined;
  };
  const name = readName(form.name, around, fault);
  const gives = readGives(form, around.currency, fault);
  const minimum = readMinimum(form, around.currency, fault);
  if (gives?.kind === 'amount' && minimum && 'subtotalMinor' in minimum) {
    checkAmount(gives.amountMinor, minimum.subtotalMinor, around.currency, fault);
  }
  if (form.kind === 'free_shipping' && form.combineShipping === 'yes') {
    fault('combineShipping', 'Shopify combines free shipping with no other discount on shipping.');
  }
  const { startsOn, endsOn } = readDates(form, around, fault);
  const keepDays = readNumber(form.keepDays, { from: 0, to: 365 }, () =>
    fault('keepDays', 'Give a number of days from 0 to 365.'),
  );
  const way = readWay(form.way, around, fault);
  const code = way === 'code' ? readCode(form.code, around, fault) : null;
  const usageLimit = form.usageLimit.trim() === '' ? undefined : readUsageLimit(form.usageLimit, way, fault);
  const mostHolders = optional(form.mostHolders, (text) =>
    readNumber(text, { from: 1, to: 10_000_000 }, () =>
      fault('mostHolders', 'Give a number of people from 1 on, or leave it empty.'),
    ),
  );
  const mostCostMinor = optional(form.mostCost, (text) =>
    readMoney(text, around.currency, () => fault('mostCost', moneySentence(around.currency))),
  );
  const present = form.present === 'yes';
  if (around.members === 0 && present) {
    fault(
      'present',
      'Nobody is in this segment now. Offer it to people who enter later, or change the segment first.',
    );
  }
  if (Object.keys(faults).length > 0 || !name || !gives || !startsOn || !endsOn || keepDays === undefined || !way) {
    return { ok: false, faults };
  } // prettier-ignore
  const terms: OfferTerms = {
    gives,
    ...(minimum ? { minimum } : {}),
    combines: {
      product: form.combineProduct === 'yes',
      order: form.combineOrder === 'yes',
      shipping: form.combineShipping === 'yes',
    },
    once: form.once === 'yes',
    ...(usageLimit === undefined ? {} : { usageLimit }),
  };
  const tooLarge = way === 'function' ? tooLargeAlone({ name, terms }, around.currency) : null;
  if (tooLarge !== null) {
    fault('items', tooLarge);
    return { ok: false, faults };
  }
  const full = around.activeAutomatic >= ACTIVE_AUTOMATIC_LIMIT;
  if (full && way === 'function' && !around.servedByFunction({ name, terms, startsOn, endsOn })) {
    fault(
      'way',
      `The app’s discount is an automatic one too, and the store has ${around.activeAutomatic} of ${ACTIVE_AUTOMATIC_LIMIT}. Choose a discount code, or end one of the others.`,
    );
    return { ok: false, faults };
  }
  const bounds = { mostHolders: mostHolders ?? null, mostCostMinor: mostCostMinor ?? null };
  return {
    ok: true,
    draft: { name, terms, startsOn, endsOn, keepDays, way, code: code ?? null, ...bounds, present },
  };
}

type Fault = (field: OfferField, sentence: string) => undefined;

function readName(text: string, { namesTaken }: OfferSurroundings, fault: Fault): string | undefined {
  const name = text.trim().replace(/\s+/g, ' ');
  if (name === '') return fault('name', 'Give the offer a name: customers see it in the cart.');
  if (holdsControl(name))
    return fault('name', 'The name holds a character that cannot be shown: type it anew.');
  const room = MAX_TITLE - [...titleOf('')].length;
  const length = [...name].length;
  if (length > room) {
    return fault('name', `The name has ${length} characters; Shopify’s limit leaves room for ${room}.`);
  }
  const same = (other: string) => other.toLowerCase() === name.toLowerCase();
  if (namesTaken.some(same)) return fault('name', 'Another offer has this name.');
  return name;
}

function readGives(form: OfferForm, currency: string, fault: Fault): OfferGives | undefined {
  switch (form.kind) {
    case 'percentage': {
      const percent = readPercent(form.percent, () =>
        fault('percent', 'Give a percentage above 0 and at most 100.'),
      );
      const on = readItems(form.on, form.items, 'items', fault);
      return percent !== undefined && on ? { kind: 'percentage', percent, on } : undefined;
    }
    case 'amount': {
      const amountMinor = readMoney(form.amount, currency, () => fault('amount', moneySentence(currency)));
      const on = readItems(form.on, form.items, 'items', fault);
      return amountMinor !== undefined && on ? { kind: 'amount', amountMinor, on } : undefined;
    }
    case 'buy_x_get_y': {
      const pieces = (field: 'buyQuantity' | 'getQuantity') =>
        readNumber(form[field], { from: 1, to: 1_000 }, () =>
          fault(field, 'Give a number of pieces from 1 to 1,000.'),
        );
      const buyQuantity = pieces('buyQuantity');
      const getQuantity = pieces('getQuantity');
      const percent = readPercent(form.getPercent, () =>
        fault('getPercent', 'Give a percentage above 0 and at most 100; 100 is free.'),
      );
      const get = readItems(form.on, form.items, 'items', fault, 'on');
      const buy = readItems(form.buyOn, form.buyItems, 'buyItems', fault, 'buyOn');
      if (!buyQuantity || !getQuantity || percent === undefined || !get || !buy) return undefined;
      return {
        kind: 'buy_x_get_y',
        buy: { quantity: buyQuantity, on: buy },
        get: { quantity: getQuantity, percent, on: get },
      };
    }
    case 'free_shipping':
      return { kind: 'free_shipping' };
    default:
      return fault('kind', 'Choose what the offer gives.');
  }
}

/** With a minimum below it the offer would give carts away. */
function checkAmount(amountMinor: string, leastMinor: string, currency: string, fault: Fault): void {
  if (BigInt(amountMinor) <= BigInt(leastMinor)) return;
  const least = decimalOf(BigInt(leastMinor), currency);
  fault(
    'amount',
    `More than the minimum of ${least}: a cart of ${least} would cost nothing. Take less off, or raise the minimum.`,
  );
}

/** @param named for "buy X, get Y": Shopify asks for products or collections there */
function readItems(
  on: string,
  text: string,
  field: 'items' | 'buyItems',
  fault: Fault,
  named?: 'on' | 'buyOn',
): OfferItems | undefined {
  if (on === 'all' && !named) return { all: true };
  if (on !== 'products' && on !== 'collections') {
    return fault(named ?? 'on', named ? 'Choose products or collections for this.' : 'Choose what it is on.');
  }
  const ids = [...new Set(text.split(/[\s,]+/).filter(Boolean))];
  const what = on === 'products' ? 'product' : 'collection';
  if (ids.length === 0) return fault(field, `Choose at least one ${what}.`);
  if (ids.length > 100) return fault(field, `Choose at most 100 ${what}s.`);
  if (!ids.every((id) => /^[1-9]\d{0,18}$/.test(id))) return fault(field, `One of these is not a ${what}.`);
  return on === 'products' ? { products: ids } : { collections: ids };
}

function readMinimum(form: OfferForm, currency: string, fault: Fault): OfferTerms['minimum'] {
  if (form.minimumKind === 'none' || form.minimumKind === '') return undefined;
  if (form.kind === 'buy_x_get_y') {
    return fault('minimumKind', 'An offer of this kind has its minimum already: what must be bought.');
  }
  if (form.minimumKind === 'subtotal') {
    const subtotalMinor = readMoney(form.minimum, currency, () => fault('minimum', moneySentence(currency)));
    return subtotalMinor === undefined ? undefined : { subtotalMinor };
  }
  const quantity = readNumber(form.minimum, { from: 1, to: 1_000_000 }, () =>
    fault('minimum', 'Give a number of pieces from 1 on.'),
  );
  return quantity === undefined ? undefined : { quantity };
}

function readDates(
  form: OfferForm,
  { today, startedOn }: OfferSurroundings,
  fault: Fault,
): { startsOn: LocalDate | undefined; endsOn: LocalDate | undefined } {
  const startsOn = startedOn ?? parseLocalDate(form.startsOn.trim());
  const endsOn = parseLocalDate(form.endsOn.trim());
  if (!startsOn) fault('startsOn', 'Give the first day as a date.');
  else if (!startedOn && startsOn < today) fault('startsOn', 'The first day cannot lie in the past.');
  if (!endsOn) fault('endsOn', 'Give the last day as a date: every offer ends, and can be renewed.');
  else if (startsOn && endsOn < startsOn) fault('endsOn', 'The last day is before the first one.');
  else if (endsOn < today) fault('endsOn', 'The last day lies in the past.');
  else if (daysBetween(today, endsOn) > LONGEST_DAYS) {
    fault('endsOn', 'An offer ends within a year from today. Renew it then.');
  }
  return { startsOn, endsOn };
}

function readWay(text: string, around: OfferSurroundings, fault: Fault): OfferWay | undefined {
  const way = text === 'auto' ? around.suggestedWay : OFFER_WAYS.find((one) => one === text);
  if (!way) return fault('way', 'Choose how customers get it.');
  const full = around.activeAutomatic >= ACTIVE_AUTOMATIC_LIMIT;
  if (full && way === 'native') {
    return fault(
      'way',
      `The store has ${around.activeAutomatic} automatic discounts, Shopify’s limit is ${ACTIVE_AUTOMATIC_LIMIT}. Choose a discount code or the app’s discount, or end one of the others.`,
    );
  }
  return way;
}

function readCode(text: string, { codesTaken }: OfferSurroundings, fault: Fault): string | undefined {
  const code = text.trim();
  if (code === '') return fault('code', 'Give the code that customers type.');
  if (!/^[\p{L}\p{N}_-]{3,60}$/u.test(code)) {
    return fault('code', 'A code has 3 to 60 letters, digits, - or _, without spaces.');
  }
  if (codesTaken.some((taken) => taken.toLowerCase() === code.toLowerCase())) {
    return fault('code', 'Another discount of the store has this code.');
  }
  return code;
}

function readUsageLimit(text: string, way: OfferWay | undefined, fault: Fault): number | undefined {
  if (way !== undefined && way !== 'code') {
    return fault(
      'usageLimit',
      'Shopify limits the number of uses for codes only. Set a bound on people instead.',
    );
  }
  return readNumber(text, { from: 1, to: 1_000_000 }, () =>
    fault('usageLimit', 'Give a number of uses from 1 on, or leave it empty.'),
  );
}
