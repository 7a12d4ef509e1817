/**
 * The app's own extensions, as a deploy would register them: every `extensions/NAME/shopify.extension.toml` beside
 * shopify.app.toml. Without an app configuration the app has none.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'smol-toml';
import type { Sandbox } from '../sandbox.ts';

export type FunctionTarget =
  'cart.lines.discounts.generate.run' | 'cart.delivery-options.discounts.generate.run';

export interface FunctionExtension {
  /** Shopify gives functions an id; here it is the extension's uid. */
  id: string;
  handle: string;
  name: string;
  description: string | null;
  apiVersion: string;
  /** Where `export`s are found. */
  entry: string;
  targets: { target: FunctionTarget; inputQuery: string; exportName: string }[];
  /** The metafield whose JSON gives the variables of the input queries. */
  variables: { namespace: string; key: string } | null;
}

export interface FlowTriggerExtension {
  handle: string;
  name: string;
  fields: { type: string; key: string | null; required: boolean }[];
}

export interface AppExtensions {
  functions: ReadonlyMap<string, FunctionExtension>;
  flowTriggers: ReadonlyMap<string, FlowTriggerExtension>;
}

interface Settings {
  fields?: { type: string; key?: string; required?: boolean }[];
}

interface ExtensionToml {
  api_version?: string;
  /** `[settings]` stands beside `[[extensions]]` in the tomls of Flow, whatever their indentation says. */
  settings?: Settings;
  extensions?: {
    name: string;
    handle: string;
    type: string;
    description?: string;
    uid?: string;
    targeting?: { target: string; input_query?: string; export?: string }[];
    input?: { variables?: { namespace: string; key: string } };
    settings?: Settings;
  }[];
}

const read = new WeakMap<Sandbox, AppExtensions>();

/** Read once a sandbox. */
export function appExtensions(sandbox: Sandbox): AppExtensions {
  let extensions = read.get(sandbox);
  if (!extensions) read.set(sandbox, (extensions = readExtensions(sandbox.appConfig)));
  return extensions;
}

function readExtensions(appConfig: string | undefined): AppExtensions {
  const functions = new Map<string, FunctionExtension>();
  const flowTriggers = new Map<string, FlowTriggerExtension>();
  const folder =
    appConfig === undefined ? '' : path.join(path.dirname(path.resolve(appConfig)), 'extensions');
  const names = folder !== '' && existsSync(folder) ? readdirSync(folder).sort() : [];
  for (const name of names) {
    const file = path.join(folder, name, 'shopify.extension.toml');
    if (!existsSync(file)) continue;
    const toml = parse(readFileSync(file, 'utf8')) as ExtensionToml;
    for (const one of toml.extensions ?? []) {
      if (one.type === 'flow_trigger') {
        const fields = (one.settings?.fields ?? toml.settings?.fields ?? []).map(
          ({ type, key, required }) => ({
            type,
            key: key ?? null,
            required: required ?? true,
          }),
        );
        flowTriggers.set(one.handle, { handle: one.handle, name: one.name, fields });
      }
      if (one.type === 'function') {
        functions.set(one.handle, {
          id: one.uid ?? one.handle,
          handle: one.handle,
          name: one.name,
          description: one.description ?? null,
          apiVersion: toml.api_version ?? '',
          entry: path.join(folder, name, 'src/index.ts'),
          targets: (one.targeting ?? []).map(({ target, input_query: query = '', export: named = '' }) => ({
            target: target as FunctionTarget,
            inputQuery: readFileSync(path.join(folder, name, query), 'utf8'),
            exportName: camelCase(named),
          })),
          variables: one.input?.variables ?? null,
        });
      }
    }
  }
  return { functions, flowTriggers };
}

/** "cart-lines-run" -> "cartLinesRun". */
function camelCase(name: string): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
