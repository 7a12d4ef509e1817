/** How large a control group may be, and how it is written. Kept in buckets of 10,000: "10 %" is 1,000. */
const SHARE_BOUNDS = { least: 1, most: 50 };
const BUCKETS_A_PERCENT = 100;

/** "10", "7.5 %" -> buckets; a sentence for beside the field for anything else. */
export function parseShare(text: string): { ok: true; buckets: number } | { ok: false; message: string } {
  const plain = text.trim().replace(/\s*%$/, '').replace(',', '.');
  const percent = /^\d{1,2}(\.\d)?$/.test(plain) ? Number(plain) : NaN;
  if (!(percent >= SHARE_BOUNDS.least && percent <= SHARE_BOUNDS.most)) {
    const { least, most } = SHARE_BOUNDS;
    return { ok: false, message: `Enter a share from ${least} to ${most} %, with one decimal at most.` };
  }
  return { ok: true, buckets: Math.round(percent * BUCKETS_A_PERCENT) };
}

/** 750 -> "7.5" */
export function shareText(buckets: number): string {
  return String(buckets / BUCKETS_A_PERCENT);
}
