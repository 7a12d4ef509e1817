import type { ReactNode } from 'react';

export interface Fact {
  name: string;
  value: ReactNode;
  note?: string;
}

/** Names and values, one line each. */
export function FactList({ facts }: { facts: readonly Fact[] }) {
  return (
    <dl className="rg-facts">
      {facts.map((fact) => (
        <div key={fact.name}>
          <dt>{fact.name}</dt>
          <dd>
            {fact.value}
            {fact.note ? <span className="rg-map-help">{fact.note}</span> : null}
          </dd>
        </div>
      ))}
    </dl>
  );
}
