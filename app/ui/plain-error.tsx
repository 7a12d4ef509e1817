/** The last resort: no Polaris, no data, nothing that could fail again. */
export function PlainError() {
  return (
    <main className="rg-plain">
      <h1>Regulars could not be shown</h1>
      <p>Something unexpected happened, and it was written to the log. Nothing in your store was changed.</p>
      <p>
        Open Regulars again from your Shopify admin, under <strong>Apps</strong>.
      </p>
    </main>
  );
}
