import { BlockStack, Card, Icon, InlineStack, ProgressBar, Spinner, Text } from '@shopify/polaris';
import { CheckCircleIcon, CircleChevronRightIcon } from '@shopify/polaris-icons';
import { importPercent, importSteps, type ImportStep, type ImportView } from './import-steps.ts';
import { CardHead } from './card-head.tsx';

/** The import as it goes: the page that shows it asks again every second or two. */
export function ImportProgress({ run, first }: { run: ImportView; first: boolean }) {
  const percent = importPercent(run);
  const steps = importSteps(run);
  const current = steps.find((step) => step.state === 'running');
  return (
    <Card>
      <BlockStack gap="400">
        <CardHead title={first ? 'Reading your store' : 'Reading your store again'}>
          {first
            ? 'You can leave this page: it goes on by itself. Nothing is written to your store.'
            : 'The numbers below are those of the last import until this one is done.'}
        </CardHead>
        <InlineStack gap="300" blockAlign="center" wrap={false}>
          <div className="rg-grow">
            <ProgressBar progress={percent} size="small" tone="primary" ariaLabelledBy="rg-import-now" />
          </div>
          <Text as="span" numeric>{`${percent} %`}</Text>
        </InlineStack>
        <span id="rg-import-now" role="status" className="rg-hidden">
          {current?.name ?? 'Import is starting'}
        </span>
        <ol className="rg-steps">
          {steps.map((step) => (
            <li key={step.name} aria-current={step.state === 'running' ? 'step' : undefined}>
              <StepLine step={step} />
            </li>
          ))}
        </ol>
      </BlockStack>
    </Card>
  );
}

function StepLine({ step }: { step: ImportStep }) {
  return (
    <InlineStack gap="200" blockAlign="center" wrap={false}>
      <span className="rg-step-mark">
        {step.state === 'running' ? (
          <Spinner size="small" />
        ) : step.state === 'done' ? (
          <Icon source={CheckCircleIcon} tone="success" accessibilityLabel="Done:" />
        ) : (
          <Icon source={CircleChevronRightIcon} tone="subdued" accessibilityLabel="To do:" />
        )}
      </span>
      <Text
        as="span"
        fontWeight={step.state === 'running' ? 'semibold' : undefined}
        tone={step.state === 'waiting' ? 'subdued' : undefined}
      >
        {step.name}
        {step.detail ? <Text as="span" tone="subdued" fontWeight="regular">{`  ${step.detail}`}</Text> : null}
      </Text>
    </InlineStack>
  );
}
