import type { LoaderFunctionArgs } from '@remix-run/node';

/** Shopify's own paths (session-token bounce, exit-iframe): its library answers them itself. */
export async function loader({ request, context }: LoaderFunctionArgs) {
  await context.regulars.shopify.authenticate.admin(request);
  return null;
}
