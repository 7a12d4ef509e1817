/** The editor's form as it arrives. */
import { readJson } from '../read-json.ts';
import type { SegmentForm } from '../segments/save-segment.server.ts';
import type { RuleFault } from '../segments/rule.ts';
import type { RefusedForm } from '../ui/segments/segment-form.tsx';

/** Longer ones are no rules: the language has limits of its own. */
const LONGEST = 200_000;

export async function readSegmentForm(
  request: Request,
): Promise<{ form: SegmentForm; given: RefusedForm['given']; intent: string }> {
  const data = await request.formData();
  const text = (name: string) => {
    const value = data.get(name);
    return typeof value === 'string' ? value : '';
  };
  const given = {
    name: text('name').slice(0, 1_000),
    tag: text('tag').slice(0, 1_000),
    rule: text('rule').slice(0, LONGEST),
    note: text('note').slice(0, 200),
  };
  return {
    given,
    intent: text('intent'),
    form: { name: given.name, tag: given.tag.trim(), rule: readJson(given.rule), note: given.note },
  };
}

export function refusal(given: RefusedForm['given'], faults: RuleFault[]): Response {
  const body: RefusedForm = { faults, given };
  return Response.json(body, { status: 422 });
}
