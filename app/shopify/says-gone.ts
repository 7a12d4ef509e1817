/** Whether Shopify refuses because there is nothing with this id: what was to be deleted is gone already. */
export function saysGone(message: string): boolean {
  return /does not exist|not found|could not be found|invalid id/i.test(message);
}
