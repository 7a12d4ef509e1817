/**
 * The toml files of the extensions, held to what Shopify's CLI takes: keys and shapes that it built, names within
 * its rules, targets and modules that exist, versions from one place.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'smol-toml';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ADMIN_API_VERSION, UI_EXTENSIONS_API_VERSION } from '../../../app/shopify/api-version.ts';

const ROOT = path.resolve(import.meta.dirname, '../../..');
const FOLDER = path.join(ROOT, 'extensions');

const base = {
  name: z.string().min(1).max(30),
  handle: z.string().regex(/^[a-z0-9-]{1,30}$/),
  description: z.string().min(1).max(255),
  uid: z.uuid(),
};
/** A key of a Flow field: letters and spaces only. */
const flowKey = z.string().regex(/^[A-Za-z ]+$/);
const flowField = z.union([
  z.strictObject({ type: z.literal('customer_reference'), required: z.boolean().optional() }),
  z.strictObject({ type: z.literal('single_line_text_field'), key: flowKey, description: z.string().min(1) }),
]);
const settings = z.strictObject({ fields: z.array(flowField).min(1) });
const extension = z.discriminatedUnion('type', [
  z.strictObject({ ...base, type: z.literal('flow_trigger') }),
  z.strictObject({ ...base, type: z.literal('flow_action'), runtime_url: z.url() }),
  z.strictObject({
    ...base,
    type: z.literal('ui_extension'),
    targeting: z.array(z.strictObject({ module: z.string(), target: z.string() })).length(1),
  }),
  z.strictObject({
    ...base,
    type: z.literal('function'),
    targeting: z
      .array(z.strictObject({ target: z.string(), input_query: z.string(), export: z.string() }))
      .min(1),
    input: z.strictObject({ variables: z.strictObject({ namespace: z.string(), key: z.string() }) }),
    build: z.strictObject({ command: z.string(), path: z.string() }),
  }),
]);
const file = z.strictObject({
  api_version: z.string().optional(),
  extensions: z.array(extension).length(1),
  // Of Flow extensions: beside the extension, as the CLI reads it.
  settings: settings.optional(),
});

const folders = readdirSync(FOLDER, { withFileTypes: true }).filter((entry) => entry.isDirectory());
const files = folders.map(({ name }) => {
  const folder = path.join(FOLDER, name);
  const parsed = file.parse(parse(readFileSync(path.join(folder, 'shopify.extension.toml'), 'utf8')));
  return {
    folder,
    name,
    apiVersion: parsed.api_version,
    settings: parsed.settings,
    extension: parsed.extensions[0]!,
  };
});
const ofType = <T extends string>(type: T) =>
  files.flatMap((each) =>
    each.extension.type === type ? [each as typeof each & { extension: { type: T } }] : [],
  );

describe('the extensions', () => {
  it('are these', () => {
    expect(files.map(({ name }) => name).sort()).toEqual([
      'check-segments', 'customer-block', 'customer-entered-segment', 'customer-left-segment', 'needs-attention',
      'segment-offers', 'segment-templates',
    ]); // prettier-ignore
  });

  it.each(files)('$name: its folder has the name of its handle', ({ name, extension: { handle } }) => {
    expect(handle).toBe(name);
  });

  it('have ids of their own', () => {
    expect(new Set(files.map(({ extension: { uid } }) => uid)).size).toBe(files.length);
  });
});

describe('UI extensions', () => {
  it.each(ofType('ui_extension'))(
    '$name: version, module and target exist',
    ({ folder, apiVersion, extension }) => {
      expect(apiVersion).toBe(UI_EXTENSIONS_API_VERSION);
      if (extension.type !== 'ui_extension') throw new TypeError();
      for (const { module, target } of extension.targeting) {
        expect(existsSync(path.join(folder, module))).toBe(true);
        const types = `node_modules/@shopify/ui-extensions/build/ts/surfaces/admin/targets/${target}.d.ts`;
        expect(existsSync(path.join(ROOT, types))).toBe(true);
      }
    },
  );

  it('are written with the package of that version', () => {
    const [year, month] = UI_EXTENSIONS_API_VERSION.split('-').map(Number);
    const { devDependencies } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as {
      devDependencies: Record<string, string>;
    };
    const wanted = devDependencies['@shopify/ui-extensions'] ?? '';
    expect(wanted).toMatch(new RegExp(`^${year}\\.${month}\\.`));
    for (const { folder } of ofType('ui_extension')) {
      const { dependencies } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as {
        dependencies: Record<string, string>;
      };
      expect(dependencies['@shopify/ui-extensions']).toBe(wanted);
    }
  });
});

describe('the function', () => {
  it.each(ofType('function'))(
    '$name: version, queries and exports exist',
    async ({ folder, apiVersion, extension }) => {
      expect(apiVersion).toBe(ADMIN_API_VERSION);
      if (extension.type !== 'function') throw new TypeError();
      const module = (await import(path.join(folder, 'src/index.ts'))) as Record<string, unknown>;
      for (const { target, input_query, export: name } of extension.targeting) {
        expect(existsSync(path.join(folder, input_query))).toBe(true);
        const camel = name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
        expect(typeof module[camel]).toBe('function');
        expect(name).toBe(target.replace(/\./g, '-'));
      }
    },
  );
});

describe('Flow', () => {
  it.each(files)('$name: has fields if it is for Flow, and only then', ({ extension, settings: given }) => {
    expect(given !== undefined).toBe(extension.type.startsWith('flow_'));
  });

  it('the action is answered by this app’s own server', () => {
    const app = parse(readFileSync(path.join(ROOT, 'shopify.app.toml'), 'utf8')) as {
      application_url: string;
    };
    const actions = ofType('flow_action');
    expect(actions).not.toEqual([]);
    for (const { extension } of actions) {
      if (extension.type !== 'flow_action') throw new TypeError();
      const url = new URL(extension.runtime_url);
      expect(url.origin).toBe(new URL(app.application_url).origin);
      expect(url.pathname).toBe(`/flow/${extension.handle}`);
    }
  });
});
