/** A segment's control group where it is shown, and its two forms on the settings. */
import { redirect } from '@remix-run/node';
import { parseShare, shareText } from '../activation/control/control-share.ts';
import { readControls } from '../activation/control/read-control.server.ts';
import { endControl, setControl } from '../activation/control/set-control.server.ts';
import { assertNever } from '../app-error.ts';
import type { AppContext } from '../context.server.ts';
import type { ShopId, ShopTx } from '../db/tenancy.server.ts';
import { localDateOf } from '../local-date.ts';
import type { ControlShown } from '../ui/tags/control-section.tsx';
import type { ControlNote } from '../ui/tags/control-notes.tsx';
import { noSuchSegment } from './no-such-segment.server.ts';

/** @returns null: there is none now */
export async function readControlShown(
  tx: ShopTx,
  key: string,
  timeZone: string,
): Promise<ControlShown | null> {
  const [control] = await readControls(tx, [key]);
  if (!control || control.endedAt !== null) return null;
  return {
    share: shareText(control.buckets),
    since: localDateOf(control.since, timeZone),
    heldOut: control.heldOut,
  };
}

/** Of reviewed segments, those with a control group that somebody is about to come into. */
export async function readControlNotes(
  tx: ShopTx,
  reviewed: readonly { key: string; name: string; gains: number }[],
): Promise<ControlNote[]> {
  const gaining = reviewed.filter(({ gains }) => gains > 0);
  const controls = await readControls(
    tx,
    gaining.map(({ key }) => key),
  );
  return gaining.flatMap(({ key, name, gains }) => {
    const control = controls.find((one) => one.key === key && one.endedAt === null);
    return control ? [{ key, name, gains, share: shareText(control.buckets) }] : [];
  });
}

/** @returns where to go, or the sentence: beside the field of the share, or above everything */
export async function actOnControl(
  app: AppContext,
  shopId: ShopId,
  form: { intent: 'set_control' | 'end_control'; share: string; shown: string },
  word: { key: string; actor: string; now: Date },
): Promise<Response | { share: string } | { message: string }> {
  const done = () => redirect(`/app/segments/${word.key}/settings?notice=saved`);
  if (form.intent === 'set_control') {
    const parsed = parseShare(form.share);
    if (!parsed.ok) return { share: parsed.message };
    const { outcome } = await app.db.inShop(shopId, (tx) =>
      setControl(tx, { ...word, buckets: parsed.buckets }),
    );
    if (outcome === 'unknown_segment') throw noSuchSegment();
    app.log.info({ shopId, key: word.key, outcome }, 'a control group was set');
    return done();
  }
  const ended = await app.db.inShop(shopId, (tx) => endControl(tx, { ...word, shown: Number(form.shown) }));
  app.log.info({ shopId, key: word.key, outcome: ended.outcome }, 'a control group was ended');
  switch (ended.outcome) {
    case 'done':
    case 'none':
      return done();
    case 'changed':
      return {
        message:
          'The control group is of another size by now. Nothing was done: look at the number, then end it.',
      };
    default:
      return assertNever(ended);
  }
}
