/**
 * What hangs on tags, and has to have followed before the old ones are removed. Whoever makes something that names a
 * tag (a native segment, an offer) adds a check here: it brings its things to the new tag, asks Shopify whether they
 * are, and says so. Called again until it agrees, so it does no harm twice.
 */
import type { ShopId } from '../../db/tenancy.server.ts';
import { OTHER_SEGMENTS_FOLLOW } from '../native-segments/check-others-renamed.server.ts';
import { NATIVE_SEGMENTS_FOLLOW } from '../native-segments/check-renamed.server.ts';
import type { PushContext } from '../tags/push-context.server.ts';

export interface RenamedTag {
  segmentId: string;
  /** Whole tags, with the prefix. */
  from: string;
  to: string;
}

export interface RenameCheck {
  /** What is checked, for the merchant: "Native segments". */
  name: string;
  /** @returns null when everything has followed, else why not, as a sentence */
  run(
    ctx: PushContext,
    shopId: ShopId,
    tags: readonly RenamedTag[],
    renameId: string,
  ): Promise<string | null>;
}

export const RENAME_CHECKS: readonly RenameCheck[] = [NATIVE_SEGMENTS_FOLLOW, OTHER_SEGMENTS_FOLLOW];
