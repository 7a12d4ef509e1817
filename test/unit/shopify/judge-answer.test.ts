import { describe, expect, it } from 'vitest';
import { judgeAnswer, readRetryAfter } from '../../../app/shopify/judge-answer.ts';

const status = { maximumAvailable: 2000, currentlyAvailable: 12, restoreRate: 100 };
const cost = { requestedQueryCost: 52, actualQueryCost: null, throttleStatus: status };
const answer = (body: unknown, code = 200, retryAfter: string | null = null) =>
  judgeAnswer({ status: code, retryAfter, body: typeof body === 'string' ? body : JSON.stringify(body) });
const refusal = (body: unknown, code = 200) => {
  const verdict = answer(body, code);
  return verdict.kind === 'refused'
    ? { code: verdict.error.code, retryable: verdict.error.retryable }
    : verdict.kind;
};

describe('what an answer means', () => {
  it('is done when there is data and no error', () => {
    expect(answer({ data: { shop: 1 }, extensions: { cost } })).toEqual({
      kind: 'done',
      data: { shop: 1 },
      cost: { requested: 52, status },
    });
    expect(answer({ data: { shop: 1 } })).toEqual({ kind: 'done', data: { shop: 1 }, cost: undefined });
  });

  it('leaves userErrors in the data: they are answers', () => {
    const data = { tagsAdd: { node: null, userErrors: [{ field: ['id'], message: 'does not exist' }] } };
    expect(answer({ data }).kind).toBe('done');
  });

  it('is throttled by its code, with what the bucket holds', () => {
    const errors = [{ message: 'Throttled', extensions: { code: 'THROTTLED' } }];
    expect(answer({ errors, extensions: { cost } })).toEqual({
      kind: 'throttled',
      cost: { requested: 52, status },
    });
    expect(answer({ errors })).toEqual({ kind: 'throttled', cost: undefined });
  });

  it.each([
    [{ errors: [{ message: 'x', extensions: { code: 'INTERNAL_SERVER_ERROR' } }] }],
    ['{"data":{"shop":'],
    ['<html>Bad gateway</html>'],
    ['null'],
    [{ data: null }],
    [''],
  ])('is lost when it says nothing: %j', (body) => {
    expect(answer(body).kind).toBe('lost');
  });

  it.each([500, 502, 503, 504])('is lost on %i', (code) => {
    expect(answer('upstream', code)).toEqual({ kind: 'lost', reason: `status ${code}` });
  });

  it('takes partial data with errors for a refusal, not for data', () => {
    const body = {
      data: { shop: { name: 'x' }, customers: null },
      errors: [{ message: 'no', extensions: { code: 'ACCESS_DENIED' } }],
    };
    expect(refusal(body)).toEqual({ code: 'shopify_access', retryable: false });
  });

  it.each([
    [{ errors: [{ message: "Field 'x' doesn't exist" }] }, 200, 'shopify_rejected'],
    [{ errors: [{ message: 'x', extensions: { code: 'MAX_COST_EXCEEDED' } }] }, 200, 'shopify_rejected'],
    [{ errors: [{ message: 'x', extensions: { code: 'SHOP_INACTIVE' } }] }, 200, 'shopify_access'],
    [{ errors: 'Not Found' }, 404, 'shopify_access'],
    [{ errors: 'x' }, 402, 'shopify_access'],
    [{ errors: 'x' }, 423, 'shopify_access'],
    [{ errors: 'x' }, 403, 'config'],
    [{ errors: 'x' }, 400, 'shopify_rejected'],
    ['', 302, 'shopify_rejected'],
  ])('tells a person: %j %i', (body, code, expected) => {
    expect(refusal(body, code as number)).toEqual({ code: expected, retryable: false });
  });

  it('names the allowlist on 403', () => {
    const verdict = answer('', 403);
    expect(verdict.kind === 'refused' && verdict.error.userMessage).toContain('IP allowlist');
  });

  it('comes back later after a security rejection', () => {
    expect(refusal('', 430)).toEqual({ code: 'shopify_unavailable', retryable: true });
  });

  it('reads Retry-After as seconds', () => {
    expect(answer('', 429, '2.0')).toEqual({ kind: 'busy', afterMs: 2000 });
    expect(readRetryAfter('0.5')).toBe(500);
    expect(readRetryAfter('soon')).toBeUndefined();
    expect(readRetryAfter('')).toBeUndefined();
    expect(readRetryAfter(null)).toBeUndefined();
    expect(readRetryAfter('-3')).toBeUndefined();
  });

  it('asks for another token on 401', () => {
    expect(answer({ errors: '[API] Invalid API key or access token' }, 401)).toEqual({
      kind: 'unauthorised',
    });
  });
});
