/** A merchant's edit of a customer's tags: exactly these, told as what was added and what was removed. */
import { z } from 'zod';
import { ActError, asOneAction, checkInput, customerRef, findCustomer } from './act.ts';
import { addTags, removeTags, splitTags } from './change-tags.ts';
import type { TagChange } from './change-tags.ts';
import type { SandboxCustomer } from '../store/model.ts';
import type { Store } from '../store/store.ts';

export const setTagsInput = z.object({ customer: customerRef, tags: z.array(z.string()) });

/** @throws ActError */
export function setTags(store: Store, input: unknown): SandboxCustomer {
  const wanted = checkInput(setTagsInput, input);
  const customer = findCustomer(store, wanted.customer);
  const tags = splitTags(wanted.tags);
  const kept = new Set(tags.map((tag) => tag.toLowerCase()));
  const gone = customer.tags.filter((tag) => !kept.has(tag.toLowerCase()));
  if (tags.length > 250) throw new ActError('Tags cannot be more than 250');
  if (tags.some((tag) => [...tag].length > 255)) {
    throw new ActError('Tags is too long (maximum is 255 characters)');
  }
  return asOneAction(store, () => {
    if (gone.length > 0) mustBeDone(removeTags(store, customer.id, gone));
    return mustBeDone(addTags(store, customer.id, tags));
  });
}

function mustBeDone(change: TagChange): SandboxCustomer {
  if (change.outcome === 'done') return change.customer;
  throw new ActError(change.userErrors.map(({ message }) => message).join('; '));
}
