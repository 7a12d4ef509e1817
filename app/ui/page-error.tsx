/**
 * The error boundary of every page. Three kinds arrive here: our own answers (with words for the merchant),
 * answers of Shopify's library (a script for App Bridge, known by the API key it carries) and the unexpected.
 */
import { isRouteErrorResponse, useRevalidator, useRouteError } from '@remix-run/react';
import { BlockStack, Button, ButtonGroup, Card, Page, Text } from '@shopify/polaris';
import { isPageProblem, NO_SUCH_PAGE, UNEXPECTED, type PageProblem } from './page-problem.ts';

export function PageError() {
  const error = useRouteError();
  const script = appBridgeScript(error);
  if (script) return <div dangerouslySetInnerHTML={{ __html: script }} />;
  return <ProblemPage problem={problemOf(error)} />;
}

export function ProblemPage({ problem }: { problem: PageProblem }) {
  const revalidator = useRevalidator();
  return (
    <Page narrowWidth>
      <Card>
        <BlockStack gap="300">
          <Text as="h1" variant="headingLg">
            {problem.title}
          </Text>
          <Text as="p">{problem.message}</Text>
          <ButtonGroup>
            {problem.retryable ? (
              <Button
                variant="primary"
                loading={revalidator.state === 'loading'}
                onClick={() => revalidator.revalidate()}
              >
                Try again
              </Button>
            ) : null}
            <Button url="/app">Go to Home</Button>
          </ButtonGroup>
        </BlockStack>
      </Card>
    </Page>
  );
}

function problemOf(error: unknown): PageProblem {
  if (isRouteErrorResponse(error)) {
    if (isPageProblem(error.data)) return error.data;
    if (error.status === 404) return NO_SUCH_PAGE;
  }
  return UNEXPECTED;
}

/** Only HTML that Shopify's library made: text of other errors can quote the address. */
function appBridgeScript(error: unknown): string | undefined {
  if (!isRouteErrorResponse(error) || typeof error.data !== 'string') return undefined;
  return error.data.includes('<script data-api-key="') ? error.data : undefined;
}
