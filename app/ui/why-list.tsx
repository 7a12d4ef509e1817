import { Icon, InlineStack, Text } from '@shopify/polaris';
import { CheckCircleIcon, XCircleIcon } from '@shopify/polaris-icons';

export interface WhyCondition {
  /** "Days since last order is at most 30" */
  label: string;
  /** The customer's own value, in words. */
  value: string;
  holds: boolean;
  /** "can change on 28 Nov 2026"; empty when time alone does not change it. */
  change: string;
}

/** Condition by condition: what the segment asks, what this customer has, and whether that is enough. */
export function WhyList({ conditions, label }: { conditions: readonly WhyCondition[]; label: string }) {
  return (
    <ul className="rg-why" aria-label={label}>
      {conditions.map((condition, at) => (
        <li key={at}>
          <InlineStack gap="200" blockAlign="start" wrap={false}>
            <span className="rg-step-mark">
              <Icon
                source={condition.holds ? CheckCircleIcon : XCircleIcon}
                tone={condition.holds ? 'success' : 'subdued'}
                accessibilityLabel={condition.holds ? 'Holds:' : 'Does not hold:'}
              />
            </span>
            <Text as="span">
              {condition.label}
              <Text as="span" tone="subdued">
                {` – ${[condition.value, condition.change].filter(Boolean).join('; ')}`}
              </Text>
            </Text>
          </InlineStack>
        </li>
      ))}
    </ul>
  );
}
