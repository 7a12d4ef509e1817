/** All segments: a tab a view, a search over them, and the table of those it leaves. */
import { Link as PlainLink, useSearchParams } from '@remix-run/react';
import { Card, Text, TextField } from '@shopify/polaris';
import { useState } from 'react';
import { NothingHere } from '../nothing-here.tsx';
import { isIn, says, VIEWS, type ListedSegment } from './listed-segment.ts';
import { SegmentTable } from './segment-table.tsx';

export function SegmentList({ segments, canTurnOn }: { segments: ListedSegment[]; canTurnOn: boolean }) {
  const [query] = useSearchParams();
  const view = VIEWS.find((one) => one.view === query.get('view'))?.view ?? 'all';
  const [typed, setTyped] = useState('');
  const shown = segments.filter((segment) => isIn(view, segment) && says(segment, typed));
  return (
    <Card padding="0">
      {segments.length === 0 ? (
        <NothingHere heading="No segments yet" action={{ content: 'Go to Home', url: '/app' }}>
          <p>They are made when Regulars is installed. Open Home to see how far that is.</p>
        </NothingHere>
      ) : (
        <>
          <div className="rg-list-head">
            <nav className="rg-tabs" aria-label="Which segments are shown">
              <ul>
                {VIEWS.map((one) => (
                  <li key={one.view}>
                    <PlainLink
                      to={one.view === 'all' ? '/app/segments' : `/app/segments?view=${one.view}`}
                      aria-current={one.view === view ? 'page' : undefined}
                    >
                      {`${one.label} (${segments.filter((segment) => isIn(one.view, segment)).length})`}
                    </PlainLink>
                  </li>
                ))}
              </ul>
            </nav>
            <div className="rg-list-search">
              <TextField
                label="Search segments"
                labelHidden
                placeholder="Search by name, tag or rule"
                type="search"
                autoComplete="off"
                value={typed}
                onChange={setTyped}
                clearButton
                onClearButtonClick={() => setTyped('')}
              />
            </div>
          </div>
          {shown.length === 0 ? (
            <div className="rg-card-body">
              <Text as="p" tone="subdued">
                {typed ? 'No segment says that.' : 'None.'}
              </Text>
            </div>
          ) : (
            <SegmentTable
              // Another choice of rows begins its selection anew.
              key={shown.map(({ key }) => key).join()}
              segments={shown}
              canTurnOn={canTurnOn}
            />
          )}
        </>
      )}
    </Card>
  );
}
