/** Where a customer stands in the shop's tiers: "Gold until 31 Dec 2027", "€180.00 more to Platinum". */
import { BlockStack, Card, Link, Text } from '@shopify/polaris';
import type { TierStanding } from '../segments/read-tiers.server.ts';
import { countOf, formatDay, formatMinor } from './format.ts';

export function TierStandings({ tiers, currency }: { tiers: readonly TierStanding[]; currency: string }) {
  if (tiers.length === 0) return null;
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          Tiers
        </Text>
        {tiers.map((standing) => (
          <BlockStack gap="050" key={standing.setId}>
            <Text as="h3" variant="headingSm">
              {standing.setName}
            </Text>
            <p>
              {standing.tier ? (
                <Link url={`/app/segments/${standing.tier.key}`}>{tierWords(standing.tier)}</Link>
              ) : (
                'Below the lowest step'
              )}
            </p>
            {standing.next ? (
              <Text as="p" tone="subdued">
                {missingWords(standing.next, currency)}
              </Text>
            ) : null}
          </BlockStack>
        ))}
      </BlockStack>
    </Card>
  );
}

/** "Gold until 31 December 2027"; without a hold "Gold". */
export function tierWords({ name, heldUntil }: NonNullable<TierStanding['tier']>): string {
  return heldUntil ? `${name} until ${formatDay(heldUntil)}` : name;
}

/** "€180.00 more to Platinum", "2 orders more to Platinum". */
export function missingWords(
  { name, isMoney, missing }: NonNullable<TierStanding['next']>,
  currency: string,
): string {
  if (missing === 0) return `Has what ${name} takes`;
  const much = isMoney ? formatMinor(BigInt(missing), currency) : countOf(missing, 'order');
  return `${much} more to ${name}`;
}
