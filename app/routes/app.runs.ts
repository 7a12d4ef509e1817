/** "Pause" and "Go on" of what is computed for everybody in the background. */
import { redirect, type ActionFunctionArgs } from '@remix-run/node';
import { pauseRun, readRuns, resumeRuns } from '../pipeline/background-run.server.ts';
import { pageRequest } from './page-request.server.ts';

export function action(args: ActionFunctionArgs) {
  return pageRequest(args, async ({ app, shopId, now, actor }) => {
    const form = await args.request.formData();
    const intent = form.get('intent');
    if (intent !== 'pause' && intent !== 'resume') {
      return Response.json({ outcome: 'bad_request' }, { status: 400 });
    }
    const changed = await app.db.inShop(shopId, async (tx) => {
      const run = (await readRuns(tx)).find(({ kind }) => kind === form.get('kind'));
      if (!run) return false;
      return intent === 'pause'
        ? pauseRun(tx, run.kind, { actor, now })
        : (await resumeRuns(tx, { kind: run.kind, actor, now })).length > 0;
    });
    app.log.info({ shopId, intent, changed }, 'a run in the background');
    return redirect('/app');
  });
}
