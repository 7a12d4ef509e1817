/** The review of a change, with what it says in words: before and after of each rule that is another. */
import type { ShopTx } from '../db/tenancy.server.ts';
import { diffWords } from './diff-words.ts';
import { readDraft } from './edit-segment.server.ts';
import { proposeChange, type Proposal } from './propose-change.server.ts';
import { readRuleDay } from './read-rule-day.server.ts';
import { namesOf, readRuleNames } from './read-rule-names.server.ts';
import { reviewProposal } from './review-change.server.ts';
import type { SegmentChange } from './segment-change.ts';
import type { ChangeReview } from './turn-on-review.ts';

export interface ChangeToReview {
  review: ChangeReview;
  /** What each segment says differently afterwards. */
  words: { key: string; name: string; changes: string[] }[];
  /** Of the draft that waits. */
  note: string;
}

export async function readReviewOf(tx: ShopTx, change: SegmentChange, now: Date): Promise<ChangeToReview> {
  const proposal = await proposeChange(tx, change);
  const review = await reviewProposal(tx, { act: change.act, proposal, now });
  return { review, words: await readChangeWords(tx, proposal, now), note: await readNote(tx, change) };
}

/** What each segment of a change says differently afterwards. */
export async function readChangeWords(
  tx: ShopTx,
  proposal: Proposal,
  now: Date,
): Promise<ChangeToReview['words']> {
  const { print } = await readRuleDay(tx, now);
  const rules = proposal.targets.flatMap(({ before, after }) => [before.rule, after.rule]);
  const named = { ...print, names: namesOf(await readRuleNames(tx, rules)) };
  return proposal.targets.flatMap(({ before, after }) => {
    const changes = diffWords(before, after, named);
    return changes.length === 0 ? [] : [{ key: after.key, name: after.name, changes }];
  });
}

async function readNote(tx: ShopTx, change: SegmentChange): Promise<string> {
  const draft = change.act === 'change' ? await readDraft(tx, change.key) : null;
  return draft?.note ?? '';
}
