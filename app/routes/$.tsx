/** Addresses that are nobody's. */
export function loader() {
  throw new Response('Not found', { status: 404 });
}

export default function NoSuchAddress() {
  return null;
}
