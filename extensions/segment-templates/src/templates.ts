/**
 * Our live segments as templates in Shopify's segment editor. The app makes title, sentence and query
 * (`customer_tags CONTAINS '...'`); without an answer there are no templates, never wrong ones.
 */
import type { Output } from '@shopify/ui-extensions/admin.customers.segmentation-templates.data';

export default async function templates(): Promise<Output> {
  try {
    const answer = await fetch('/api/segment-templates');
    if (!answer.ok) return { templates: [] };
    return (await answer.json()) as Awaited<Output>;
  } catch {
    return { templates: [] };
  }
}
