/** Shopify's segment query for the customers with a tag: `customer_tags CONTAINS 'regulars-vip'`. */
export function tagQuery(tag: string): string {
  return `customer_tags CONTAINS '${tag.replace(/[\\']/g, '\\$&')}'`;
}
