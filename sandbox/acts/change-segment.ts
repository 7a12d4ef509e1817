/** A merchant makes, renames, changes and deletes segments, with Shopify's refusals. */
import { z } from 'zod';
import { createSegment, deleteSegment, updateSegment } from '../segments/change-segment.ts';
import type { SegmentChange } from '../segments/change-segment.ts';
import type { SandboxSegment } from '../store/model.ts';
import type { Store } from '../store/store.ts';
import { ActError, asOneAction, checkInput } from './act.ts';

const createInput = z.object({ name: z.string(), query: z.string() });
const updateInput = z.object({
  segment: z.string(),
  name: z.string().optional(),
  query: z.string().optional(),
});
const deleteInput = z.object({ segment: z.string() });

/** By id, gid or name. @throws ActError */
export function findSegment(store: Store, reference: string): SandboxSegment {
  const id = /^(?:gid:\/\/shopify\/Segment\/)?(\d+)$/.exec(reference.trim())?.[1] ?? '';
  const found =
    store.segments.get(id) ?? [...store.segments.all()].find(({ name }) => name === reference.trim());
  if (!found) throw new ActError(`There is no segment ${reference}`);
  return found;
}

/** @throws ActError */
export function makeSegment(store: Store, input: unknown): SandboxSegment {
  const wanted = checkInput(createInput, input);
  return asOneAction(store, () => done(createSegment(store, wanted)));
}

/** What is not named stays. @throws ActError */
export function editSegment(store: Store, input: unknown): SandboxSegment {
  const { segment, ...change } = checkInput(updateInput, input);
  const { id } = findSegment(store, segment);
  return asOneAction(store, () => done(updateSegment(store, id, change)));
}

/** @throws ActError */
export function removeSegment(store: Store, input: unknown): SandboxSegment {
  const { id } = findSegment(store, checkInput(deleteInput, input).segment);
  return asOneAction(store, () => done(deleteSegment(store, id)));
}

function done(change: SegmentChange): SandboxSegment {
  if (change.outcome === 'done') return change.segment;
  throw new ActError(change.userErrors.map(({ message }) => message).join('; '));
}
