/** Metafields of customers that the merchant picked, by their kind. */
import { sql, type Sql } from '../../db/sql.ts';
import { flipOffsets } from '../flip-offsets.ts';
import type { Field, Scope } from '../field.ts';
import type { Param, ParamValues } from '../param.ts';
import { anniversaryAfterToday, dateField, daysSince, daysToAnniversary, wholeYears } from './time.ts';

const METAFIELD = {
  metafield: {
    type: 'metafield',
    label: 'metafield',
    help: 'The metafield, as namespace.key. Only those picked in the settings are read.',
    example: 'facts.birthday',
    required: true,
  },
} as const satisfies Record<string, Param>;

const OF_METAFIELD = {
  source: 'metafield',
  group: 'metafields',
  fromOrders: false,
  mayBeMissing: true,
  params: METAFIELD,
} as const satisfies Partial<Field>;

/** The row of the metafield that is asked for. */
const rowOf = (s: Scope, params: ParamValues): Sql => s.metafield(params.metafield ?? '');
const dateOf = (s: Scope, params: ParamValues): Sql => sql`${rowOf(s, params)}.date_value`;

export const METAFIELD_FIELDS = {
  metafield_text: {
    ...OF_METAFIELD,
    type: 'text',
    label: 'metafield',
    help: 'The text of a metafield. Of a yes-or-no metafield: true or false.',
    example: 'metafield facts.size is M',
    value: (s, params) => sql`nullif(btrim(${rowOf(s, params)}.value), '')`,
  },
  metafield_number: {
    ...OF_METAFIELD,
    type: 'decimal',
    label: 'metafield (number)',
    short: 'metafield',
    help: 'The number in a metafield.',
    example: 'metafield (number) facts.points is at least 100',
    value: (s, params) => sql`${rowOf(s, params)}.number_value`,
  },
  metafield_date: {
    ...OF_METAFIELD,
    ...dateField(dateOf),
    label: 'metafield (date)',
    help: 'The date in a metafield.',
    example: 'metafield (date) facts.renewal is in the next 30 days',
  },
  metafield_days_since: {
    ...OF_METAFIELD,
    ...daysSince(dateOf),
    value: (s, params) =>
      sql`(CASE WHEN ${dateOf(s, params)} <= ${s.context.today}::date THEN ${s.context.today}::date - ${dateOf(s, params)} END)`,
    label: 'days since metafield',
    help: 'Days from the date in a metafield to today; 0 on the day itself. Before it there is no value.',
    example: 'days since metafield facts.renewal is at least 30',
    flips: (s, params, asked) => [{ from: dateOf(s, params), offsets: [0, ...flipOffsets(asked)] }],
  },
  metafield_years: {
    ...OF_METAFIELD,
    type: 'count',
    label: 'age by metafield',
    unit: 'years',
    help: 'Whole years since the date in a metafield, such as an age. Who was born on 29 February is a year older on the 28th in other years.',
    example: 'age by metafield facts.birthday is at least 18',
    value: (s, params) => wholeYears(s, dateOf(s, params)),
    flips: (s, params) => [{ on: anniversaryAfterToday(s, dateOf(s, params)) }],
  },
  metafield_anniversary_in: {
    ...OF_METAFIELD,
    ...daysToAnniversary(dateOf),
    label: 'days to the anniversary of metafield',
    help: 'Days until the date in a metafield comes round again, such as a birthday; 0 on the day itself. 29 February is kept on the 28th in other years.',
    example: 'days to the anniversary of metafield facts.birthday is at most 14',
  },
} as const satisfies Record<string, Field>;
