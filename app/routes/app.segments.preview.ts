/** The live count of a rule that is being written: asked by the editor with each change, answers in one pass. */
import type { ActionFunctionArgs } from '@remix-run/node';
import { z } from 'zod';
import { shopFaults } from '../segments/available-fields.ts';
import { fromPortable } from '../segments/portable-rule.ts';
import { previewRule } from '../segments/preview-rule.server.ts';
import { readRuleDay } from '../segments/read-rule-day.server.ts';
import { readSaid } from '../segments/read-said.server.ts';
import { readShopFacts } from '../segments/presets-read-ideas.server.ts';
import { StatementTooLarge } from '../segments/statement-limits.ts';
import type { PreviewAnswer } from '../ui/segments/use-preview.ts';
import { pageRequest } from './page-request.server.ts';

const asked = z.object({
  key: z.string().max(255).nullable(),
  rule: z.unknown(),
  /** keep: the softer rule of the segment, with the rule that it has. */
  part: z.enum(['rule', 'keep']).default('rule'),
});

const TOO_MUCH =
  'asks, with the segments that it names, for more different values than can be worked out at once.';

/** A preview that takes longer than this is not one. */
const LIMIT = '8s';
const CANCELLED = '57014';

export function action(args: ActionFunctionArgs) {
  return pageRequest(args, async ({ app, shopId, settings, now }) => {
    const body: unknown = await args.request.json().catch(() => undefined);
    const parsed = asked.safeParse(body);
    if (!parsed.success) return Response.json({ outcome: 'bad_request' }, { status: 400 });
    const answer = (given: PreviewAnswer) =>
      Response.json(given, { headers: { 'Cache-Control': 'private, no-store' } });
    if (settings.firstImportedAt === null) return answer({ outcome: 'not_imported' });
    const rule = fromPortable(parsed.data.rule, settings.currency);
    if (!rule.ok) return answer({ outcome: 'faults', faults: rule.faults });
    try {
      return await app.db.inShop(shopId, async (tx) => {
        const faults = shopFaults(rule.rule, await readShopFacts(tx, await readRuleDay(tx, now)));
        if (faults.length > 0) return answer({ outcome: 'faults', faults });
        await tx.query({ text: `SELECT set_config('statement_timeout', $1, true)`, values: [LIMIT] });
        const { key, part } = parsed.data;
        const said = part === 'keep' && key !== null ? await readSaid(tx, key) : undefined;
        const counted = await previewRule(
          tx,
          said
            ? { key, rule: said.rule, settings: { ...said.settings, keep: rule.rule }, now }
            : { key, rule: rule.rule, now },
        );
        return answer(
          counted
            ? { outcome: 'counted', ...counted }
            : {
                outcome: 'faults',
                faults: [
                  { path: 'where', message: 'asks for segments in a circle, or for one that is gone.' },
                ],
              },
        );
      });
    } catch (error) {
      if (error instanceof StatementTooLarge) {
        return answer({ outcome: 'faults', faults: [{ path: 'where', message: TOO_MUCH }] });
      }
      if (!isCancelled(error)) throw error;
      app.log.warn({ shopId }, 'a preview took too long');
      return answer({ outcome: 'too_slow' });
    }
  });
}

function isCancelled(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === CANCELLED;
}
