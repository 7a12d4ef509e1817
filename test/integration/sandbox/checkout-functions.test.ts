import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { at } from './call-sandbox.ts';

import { APP_CONFIG, type World, open, post, checkout, reasons } from './checkout-world.ts';

describe('function discounts', () => {
  const offers = (bags: string) => [
    { tag: 'regulars-offer-a', title: 'Regulars 10 %', kind: 'percentage', percent: 10, on: { all: true } },
    {
      tag: 'regulars-offer-b',
      title: 'Regulars bags',
      kind: 'percentage',
      percent: 50,
      on: { collections: [`gid://shopify/Collection/${bags}`] },
    },
    { tag: 'regulars-offer-s', title: 'Regulars ship', kind: 'free_shipping' },
    {
      tag: 'regulars-offer-old',
      title: 'Gone',
      kind: 'percentage',
      percent: 90,
      on: { all: true },
      until: '2026-11-21',
    },
  ];

  async function appDiscount(world: World, more: object = {}, method: 'Automatic' | 'Code' = 'Automatic') {
    const json = (key: string, value: object) => ({
      namespace: '$app',
      key,
      type: 'json',
      value: JSON.stringify(value),
    });
    const list = offers(world.bags);
    const argument = method === 'Code' ? 'codeAppDiscount' : 'automaticAppDiscount';
    const { data, errors } = await world.ask(
      `mutation($d: Discount${method}AppInput!) { made: discount${method}AppCreate(${argument}: $d) { ${argument} { discountId } userErrors { message } } }`,
      {
        d: {
          title: 'Regulars: offers',
          startsAt: '2026-11-01T00:00:00Z',
          functionHandle: 'segment-offers',
          discountClasses: ['PRODUCT', 'ORDER', 'SHIPPING'],
          metafields: [
            json('offers', { offers: list }),
            json('offer-variables', {
              tags: list.map(({ tag }) => tag),
              collections: [`gid://shopify/Collection/${world.bags}`],
            }),
          ],
          ...more,
        },
      },
    );
    expect(errors).toBeUndefined();
    expect(at(data, 'made', 'userErrors')).toEqual([]);
    return String(at(data, 'made', argument, 'discountId'));
  }

  it('give the holder of an offer’s tag one offer of the discount: the best on goods, free shipping to who has no other', async () => {
    const world = await open();
    await appDiscount(world);
    const lines = [{ product: world.tea }, { product: world.bag }];
    const price = async (tags: string[]) => {
      await post(world, 'set-tags', { customer: world.anna, tags });
      return checkout(world, { customer: world.anna, lines, shipping: '5' });
    };
    expect(await price(['regulars-offer-a'])).toMatchObject({
      discount: '5.00',
      total: '50.00',
      discounts: [{ message: 'Regulars 10 %' }],
    });
    expect(await price(['regulars-offer-a', 'regulars-offer-b'])).toMatchObject({
      discount: '20.00',
      discounts: [{ message: 'Regulars bags' }],
    });
    expect(await price(['regulars-offer-a', 'Regulars-Offer-S'])).toMatchObject({
      discount: '5.00',
      shippingDiscount: '0.00',
      total: '50.00',
    });
    expect(await price(['Regulars-Offer-S'])).toMatchObject({
      discount: '0.00',
      shippingDiscount: '5.00',
      total: '50.00',
    });
    const ended = await price(['regulars-offer-old']);
    expect(ended).toMatchObject({ discount: '0.00', total: '55.00' });
    expect(reasons(ended)).toEqual({ 'Regulars: offers': 'The function gave nothing.' });
    expect(await checkout(world, { lines })).toMatchObject({ discounts: [], total: '50.00' });
  });

  it('only of the classes of the discount; with a code only when it is entered', async () => {
    const world = await open();
    await appDiscount(world, { discountClasses: ['PRODUCT'], code: 'MINE' }, 'Code');
    await post(world, 'set-tags', { customer: world.anna, tags: ['regulars-offer-a', 'regulars-offer-b'] });
    const lines = [{ product: world.bag }];
    expect(await checkout(world, { customer: world.anna, lines })).toMatchObject({
      discounts: [],
      notApplied: [],
    });
    expect(await checkout(world, { customer: world.anna, lines, code: 'mine' })).toMatchObject({
      discount: '20.00',
      discounts: [{ code: 'mine' }],
    });
    const only = await checkout(world, {
      customer: world.anna,
      lines: [{ product: world.tea }],
      code: 'MINE',
    });
    expect(only.discounts).toEqual([]);
  });

  it('a metafield of more than 10,000 bytes is not seen', async () => {
    const world = await open();
    const id = await appDiscount(world);
    await post(world, 'set-tags', { customer: world.anna, tags: ['regulars-offer-a'] });
    const value = JSON.stringify({ offers: offers(world.bags), padding: 'x'.repeat(10_000) });
    const { data } = await world.ask(
      'mutation($m: [MetafieldsSetInput!]!) { metafieldsSet(metafields: $m) { userErrors { message } } }',
      {
        m: [{ ownerId: id, namespace: '$app', key: 'offers', type: 'json', value }],
      },
    );
    expect(at(data, 'metafieldsSet', 'userErrors')).toEqual([]);
    expect(await checkout(world, { customer: world.anna, lines: [{ product: world.tea }] })).toMatchObject({
      total: '10.00',
    });
  });

  it('that answer badly take nothing off, and the reason is told', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'functions-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const answers: Record<string, string> = {
      // Of a class that the discount does not have.
      eager:
        "{ operations: [{ orderDiscountsAdd: { selectionStrategy: 'FIRST', candidates: [{ targets: [{ orderSubtotal: { excludedCartLineIds: [] } }], value: { percentage: { value: '90' } } }] } }] }",
      wrong: '{ operations: [{ productDiscountsAdd: { candidates: 7 } }] }',
      broken: '(() => { throw new Error("no luck") })()',
      endless: '(() => { for (;;) {} })()',
    };
    for (const [name, answer] of Object.entries(answers)) {
      const source = path.join(folder, 'extensions', name, 'src');
      await mkdir(source, { recursive: true });
      await writeFile(path.join(source, 'index.ts'), `export const run = () => (${answer});\n`);
      await writeFile(path.join(source, 'run.graphql'), 'query Input { presentmentCurrencyRate }');
      await writeFile(
        path.join(source, '../shopify.extension.toml'),
        `api_version = "2026-10"\n[[extensions]]\nname = "${name}"\nhandle = "${name}"\ntype = "function"\n[[extensions.targeting]]\ntarget = "cart.lines.discounts.generate.run"\ninput_query = "src/run.graphql"\nexport = "run"\n`,
      );
    }
    await copyFile(APP_CONFIG, path.join(folder, 'shopify.app.toml'));
    const world = await open(path.join(folder, 'shopify.app.toml'));
    for (const functionHandle of Object.keys(answers)) {
      await appDiscount(world, { title: functionHandle, functionHandle, discountClasses: ['PRODUCT'] });
    }
    const cart = await checkout(world, { customer: world.anna, lines: [{ product: world.tea }] });
    expect(cart).toMatchObject({ total: '10.00', discounts: [] });
    expect(reasons(cart)).toEqual({
      eager: 'The function gave something that is not of the classes of the discount.',
      wrong: expect.stringContaining('answer is not valid'),
      broken: 'The function failed: no luck',
      endless: 'The function failed: interrupted',
    });
  });
});
