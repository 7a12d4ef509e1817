import { build } from 'esbuild';

/**
 * One exported function of an extension as one script, as Shopify's CLI bundles it before it is made to wasm: it
 * reads with `ShopifyFunction.readInput` and answers with `ShopifyFunction.writeOutput`.
 * @param entry path of the extension's index
 * @param name the export in camel case
 */
export async function bundleFunction(entry: string, name: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: {
      contents: `import { ${name} } from ${JSON.stringify(entry)};
        ShopifyFunction.writeOutput(${name}(ShopifyFunction.readInput()));`,
      resolveDir: import.meta.dirname,
    },
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    minify: true,
    logLevel: 'silent',
  });
  const [file] = outputFiles;
  if (!file) throw new Error('the bundle of the function is empty');
  return file.text;
}
