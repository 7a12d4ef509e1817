import { expect, test } from 'vitest';
import { CLASSIC_RFM, CLASSIC_RFM_SET } from '../../../app/segments/classic-rfm.ts';
import { parseRule } from '../../../app/segments/rule.ts';

test('twelve groups, each a rule of its own, none with the key of another preset', () => {
  expect(CLASSIC_RFM_SET.keys).toEqual(
    (
      'rfm-champions rfm-loyal rfm-potential-loyalists rfm-new rfm-promising rfm-need-attention rfm-about-to-sleep ' +
      'rfm-cannot-lose-them rfm-at-risk rfm-hibernating rfm-lost rfm-prospects'
    ).split(' '),
  );
  for (const { rule, advice } of CLASSIC_RFM) {
    expect(parseRule(rule)).toEqual({ ok: true, rule });
    expect(advice).not.toBe('');
  }
});
