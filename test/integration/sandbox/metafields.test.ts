/** Metafields of the app and of others: set, read, compared, deleted. */
import { describe, expect, it } from 'vitest';
import { addCustomer } from '../../unit/sandbox/make-store.ts';
import { at, openSandbox } from './call-sandbox.ts';

const SET = `mutation($m: [MetafieldsSetInput!]!) { metafieldsSet(metafields: $m) {
  metafields { id namespace key type value compareDigest } userErrors { field message code elementIndex } } }`;

describe('metafields', () => {
  async function open() {
    const caller = await openSandbox();
    const ownerId = `gid://shopify/Customer/${addCustomer(caller.store).id}`;
    const set = async (...m: Record<string, unknown>[]) => {
      const { data, errors } = await caller.ask(SET, { m: m.map((one) => ({ ownerId, ...one })) });
      expect(errors).toBeUndefined();
      return data['metafieldsSet'] as { metafields: Record<string, unknown>[] | null; userErrors: unknown[] };
    };
    return { ...caller, ownerId, set };
  }
  const score = (value: string) => ({ key: 'score', type: 'number_integer', value });

  it("are set in the app's own namespace, read, found by definition and deleted", async () => {
    const { ask, set, ownerId, store } = await open();
    const { metafields } = await set(score('7'), {
      namespace: 'custom',
      key: 'note',
      type: 'json',
      value: '{"a":1}',
    });
    expect(metafields).toMatchObject([
      { namespace: 'app--1', key: 'score', value: '7' },
      { namespace: 'custom', key: 'note' },
    ]);
    const define = `mutation { metafieldDefinitionCreate(definition: {name: "Score", namespace: "$app", key: "score", type: "number_integer", ownerType: CUSTOMER}) {
      createdDefinition { id namespace metafieldsCount } userErrors { field message code } } }`;
    expect((await ask(define)).data['metafieldDefinitionCreate']).toMatchObject({
      createdDefinition: { namespace: 'app--1', metafieldsCount: 1 },
      userErrors: [],
    });
    expect(at((await ask(define)).data, 'metafieldDefinitionCreate', 'userErrors', 0, 'code')).toBe('TAKEN');
    const { data, errors } = await ask(
      `query($id: ID!) {
        customer(id: $id) {
          own: metafield(key: "score") { value jsonValue ownerType definition { name } owner { ... on Customer { id } } }
          metafield(namespace: "custom", key: "note") { jsonValue }
          metafields(first: 5, keys: ["custom.note"]) { nodes { key } pageInfo { hasNextPage } }
        }
        shop { metafields(first: 5) { nodes { key } } }
        metafieldDefinitions(first: 5, ownerType: CUSTOMER) { nodes { key type { name } } }
      }`,
      { id: ownerId },
    );
    expect(errors).toBeUndefined();
    expect(data).toMatchObject({
      customer: {
        own: {
          value: '7',
          jsonValue: 7,
          ownerType: 'CUSTOMER',
          definition: { name: 'Score' },
          owner: { id: ownerId },
        },
        metafield: { jsonValue: { a: 1 } },
        metafields: { nodes: [{ key: 'note' }], pageInfo: { hasNextPage: false } },
      },
      shop: { metafields: { nodes: [] } },
      metafieldDefinitions: { nodes: [{ key: 'score', type: { name: 'number_integer' } }] },
    });
    await set({
      ownerId: `gid://shopify/Shop/${store.shop.id}`,
      key: 'setup',
      type: 'boolean',
      value: 'true',
    });
    expect((await ask('{ shop { metafield(key: "setup") { jsonValue } } }')).data).toEqual({
      shop: { metafield: { jsonValue: true } },
    });
    const remove = `mutation($m: [MetafieldIdentifierInput!]!) { metafieldsDelete(metafields: $m) { deletedMetafields { key } userErrors { message } } }`;
    const gone = { ownerId, namespace: '$app', key: 'score' };
    expect((await ask(remove, { m: [gone, gone] })).data['metafieldsDelete']).toEqual({
      deletedMetafields: [{ key: 'score' }, null],
      userErrors: [],
    });
  });

  it('are compared and set, all or none', async () => {
    const { set, store } = await open();
    const codes = async (...m: Record<string, unknown>[]) =>
      (await set(...m)).userErrors.map((error) => (error as { code: string }).code);
    const first = await set({ ...score('1'), compareDigest: null });
    const digest = first.metafields?.[0]?.['compareDigest'];
    expect(await codes({ ...score('2'), compareDigest: null })).toEqual(['STALE_OBJECT']);
    expect(await codes({ ...score('2'), compareDigest: 'other' })).toEqual(['STALE_OBJECT']);
    expect(await codes({ ...score('2'), compareDigest: digest })).toEqual([]);
    expect(await codes({ ...score('3'), compareDigest: digest })).toEqual(['STALE_OBJECT']);
    expect(await codes(score('9'), { key: 'bad', type: 'date', value: 'soon' })).toEqual(['INVALID_VALUE']);
    expect([...store.metafields.all()].map(({ value }) => value)).toEqual(['2']);
  });

  it('are held to their types, names and number', async () => {
    const { set } = await open();
    const first = async (...m: Record<string, unknown>[]) =>
      (await set(...m)).userErrors[0] as { code: string; field: string[] };
    expect(await first({ key: 'a', type: 'boolean', value: 'true' })).toMatchObject({
      code: 'TOO_SHORT',
      field: ['metafields', '0', 'key'],
    });
    expect(await first({ key: 'k k', type: 'boolean', value: 'true' })).toMatchObject({ code: 'INVALID' });
    expect(await first({ key: 'kk', value: 'true' })).toMatchObject({ code: 'BLANK' });
    expect(await first({ key: 'kk', type: 'bool', value: 'true' })).toMatchObject({ code: 'INCLUSION' });
    expect(await first({ key: 'kk', namespace: 'app--2', type: 'boolean', value: 'true' })).toMatchObject({
      code: 'APP_NOT_AUTHORIZED',
    });
    for (const [type, value] of [
      ['boolean', 'yes'],
      ['number_integer', '1.5'],
      ['number_decimal', 'x'],
      ['json', '{'],
      ['url', 'nowhere'],
      ['money', '{"amount":"1"}'],
      ['list.number_integer', '[1,"x"]'],
      ['product_reference', 'gid://shopify/Order/1'],
    ] as const) {
      expect(await first({ key: 'kk', type, value }), type).toMatchObject({ code: 'INVALID_VALUE' });
    }
    const many = Array.from({ length: 26 }, (_, n) => ({ ...score('1'), key: `key${n}` }));
    expect(await first(...many)).toMatchObject({ code: 'LESS_THAN_OR_EQUAL_TO' });
  });
});
