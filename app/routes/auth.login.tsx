/** Where a request without a shop ends: Regulars opens from the admin only, so no shop domain is asked for. */
export default function Login() {
  return (
    <main className="rg-plain">
      <h1>Regulars opens from your Shopify admin</h1>
      <p>
        In your admin, choose <strong>Apps</strong>, then <strong>Regulars</strong>. If it is not there yet,
        install it first.
      </p>
    </main>
  );
}
