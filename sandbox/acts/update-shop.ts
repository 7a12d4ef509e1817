/** The shop's own settings: name, e-mail and time zone. */
import { z } from 'zod';
import { isTimeZone } from '../../app/local-date.ts';
import { asOneAction, checkInput } from './act.ts';
import type { SandboxShop } from '../store/model.ts';
import type { Store } from '../store/store.ts';

export const updateShopInput = z.object({
  name: z.string().trim().min(1).optional(),
  email: z.email().optional(),
  timeZone: z.string().refine(isTimeZone, 'is not an IANA time zone').optional(),
});

/** @throws ActError */
export function updateShop(store: Store, input: unknown): SandboxShop {
  const wanted = checkInput(updateShopInput, input);
  return asOneAction(store, () => {
    if (wanted.name !== undefined) store.shop.name = wanted.name;
    if (wanted.email !== undefined) store.shop.email = wanted.email;
    if (wanted.timeZone !== undefined) store.shop.ianaTimezone = wanted.timeZone;
    store.emit({ kind: 'shop_updated' });
    return store.shop;
  });
}
