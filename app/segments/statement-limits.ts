/**
 * What PostgreSQL takes in one statement: 1,664 columns of a row, 65,535 parameters. All segments that are on are
 * evaluated in one, so they must fit together; a little is left for what comes around them.
 */
export const STATEMENT_LIMITS = { columns: 1_600, parameters: 60_000 } as const;

/** Thrown instead of a statement that PostgreSQL would refuse. */
export class StatementTooLarge extends Error {
  constructor() {
    super('more values are asked for than one statement can hold');
  }
}
