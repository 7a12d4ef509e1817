/**
 * Webhook subscriptions as `shopify app deploy` takes them from shopify.app.toml: they hold for every shop
 * that has the app. A file that Shopify would not deploy is refused with the reason.
 */
import { parse } from 'smol-toml';
import { z } from 'zod';
import { compileFilter, FilterError } from './filter-payload.ts';
import { COMPLIANCE_TOPICS } from './topics.ts';

/** One topic of one subscription. */
export interface Subscription {
  topic: string;
  /** "/webhooks" (relative to the app's address) or an https address. */
  uri: string;
  /** Empty: the whole payload. */
  includeFields: readonly string[];
  filter: string | null;
  metafieldNamespaces: readonly string[];
  name: string | null;
  /** Compliance topics reach the app also after it was uninstalled. */
  compliance: boolean;
}

export interface AppConfigFile {
  apiVersion: string;
  /** "https://example.com": where the app is in the world; "" when the file does not say. */
  applicationUrl: string;
  scopes: string[];
  optionalScopes: string[];
  subscriptions: Subscription[];
}

/** A filter that cannot be read would be refused by `shopify app deploy`. */
function readable(filter: string, context: z.RefinementCtx): void {
  try {
    compileFilter(filter);
  } catch (error) {
    if (!(error instanceof FilterError)) throw error;
    context.addIssue({ code: 'custom', message: `cannot be read: ${error.message}` });
  }
}

const subscriptionSchema = z.strictObject({
  topics: z.array(z.string().regex(/^[a-z_]+[/.][a-z_]+$/, 'is not a topic')).optional(),
  compliance_topics: z.array(z.enum(COMPLIANCE_TOPICS)).optional(),
  uri: z.string().refine((uri) => uri.startsWith('/') || uri.startsWith('https://'), {
    message: 'must be a path, or an https address (other destinations are not part of the sandbox)',
  }),
  include_fields: z.array(z.string()).optional(),
  filter: z.string().superRefine(readable).optional(),
  metafield_namespaces: z.array(z.string()).optional(),
  name: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,50}$/, 'must be 1 to 50 letters, digits, - or _')
    .optional(),
});

const fileSchema = z.object({
  application_url: z.string().default(''),
  access_scopes: z.object({ scopes: z.string(), optional_scopes: z.array(z.string()).default([]) }),
  webhooks: z.object({
    api_version: z.string().regex(/^\d{4}-\d{2}$/),
    subscriptions: z.array(subscriptionSchema).default([]),
  }),
});

/** @throws with a list of every fault of the file. */
export function readSubscriptions(toml: string): AppConfigFile {
  const parsed = fileSchema.safeParse(parse(toml));
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`);
    throw new Error(`shopify.app.toml cannot be used:\n- ${faults.join('\n- ')}`);
  }
  const subscriptions = parsed.data.webhooks.subscriptions.flatMap((entry) => {
    const common = {
      uri: entry.uri,
      includeFields: entry.include_fields ?? [],
      filter: entry.filter ?? null,
      metafieldNamespaces: entry.metafield_namespaces ?? [],
      name: entry.name ?? null,
    };
    return [
      ...(entry.topics ?? []).map((topic) => ({ ...common, topic, compliance: false })),
      ...(entry.compliance_topics ?? []).map((topic) => ({ ...common, topic, compliance: true })),
    ];
  });
  return {
    apiVersion: parsed.data.webhooks.api_version,
    applicationUrl: parsed.data.application_url,
    scopes: parsed.data.access_scopes.scopes
      .split(',')
      .map((scope) => scope.trim())
      .filter(Boolean),
    optionalScopes: parsed.data.access_scopes.optional_scopes,
    subscriptions,
  };
}
