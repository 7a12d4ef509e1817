import { Link, SkeletonBodyText, Text } from '@shopify/polaris';
import { useCustomerNamesContext } from './use-customer-names.ts';

/** A customer by name, once Shopify has told it; by number until then, or when it does not tell. */
export function CustomerName({ id, link = false }: { id: string; link?: boolean }) {
  const names = useCustomerNamesContext();
  const known = names.state === 'ready' ? names.names[id] : undefined;
  const text = known ?? `Customer ${id}`;
  const content =
    names.state === 'loading' ? (
      <span className="rg-name-skeleton">
        <span className="rg-hidden">{text}</span>
        <SkeletonBodyText lines={1} />
      </span>
    ) : (
      text
    );
  return link ? (
    <Link url={`/app/customers/${id}`} dataPrimaryLink removeUnderline>
      {content}
    </Link>
  ) : (
    <Text as="span">{content}</Text>
  );
}
