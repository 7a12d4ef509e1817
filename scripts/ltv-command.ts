/**
 * `npm run ltv`: lifetime value from a Shopify order export, without a store or a database. The last line of
 * stdout is one JSON object, everything else goes to stderr; exit 2 and a sentence for a wrong option or file,
 * and where nothing can be said. Money in major units, by the currency's own decimals.
 */
import { writeFileSync } from 'node:fs';
import { ExportFileError } from '../app/intake/export/export-file-error.ts';
import { dateOfDay, dayNumberOf } from '../app/value/models/purchase-history.ts';
import { reportLtv, type LtvReport, type LtvRow } from '../app/value/models/ltv-report.ts';
import { readCountedOrders } from './ltv-orders.ts';
import { LtvOptionError, readLtvOptions, USAGE, type LtvCommand } from './ltv-options.ts';

export interface LtvIo {
  /** The folder that relative paths are counted from. */
  from: string;
  /** Standard output and standard error, text with its newline. */
  out(text: string): void;
  err(text: string): void;
}

/** @returns the exit code */
export async function runLtv(args: string[], io: LtvIo): Promise<number> {
  if (args.includes('--help')) {
    io.out(`${USAGE}\n`);
    return 0;
  }
  try {
    return await run(args, io);
  } catch (error) {
    if (error instanceof LtvOptionError) io.err(`${error.message}\n`);
    else if (error instanceof ExportFileError) io.err(`--orders: ${error.message}\n`);
    else throw error;
    return 2;
  }
}

async function run(args: string[], io: LtvIo): Promise<number> {
  const command = readLtvOptions(args, io.from);
  const read = await readCountedOrders(command.orders, command);
  if (command.calibrationEnd && read.span && dayNumberOf(command.calibrationEnd) < read.span.from) {
    throw new LtvOptionError(
      `--calibration-end: the first order that counts is on ${dateOfDay(read.span.from)}, after ${command.calibrationEnd}`,
    );
  }
  const outcome = reportLtv(read.customers, {
    unit: command.unit,
    model: command.model,
    days: command.horizon,
    annualRate: command.annualRate,
    calibrationEnd: command.calibrationEnd ? dayNumberOf(command.calibrationEnd) : null,
  });
  if (outcome.outcome === 'nothing') {
    io.err(`${[outcome.sentence, ...read.warnings].join('\n')}\n`);
    return 2;
  }
  const { report } = outcome;
  if (command.customers !== undefined) writeCustomers(command.customers, report.rows);
  io.out(`${JSON.stringify(answer(command, read, report))}\n`);
  return 0;
}

function answer(
  command: LtvCommand,
  read: Awaited<ReturnType<typeof readCountedOrders>>,
  report: LtvReport,
): unknown {
  const { bgnbd, mbgnbd, pareto } = report.models;
  return {
    input: {
      customers: report.customers,
      orders: read.orders,
      guestOrders: read.guestOrders,
      repeatCustomers: report.repeatCustomers,
      from: read.span ? dateOfDay(read.span.from) : null,
      to: read.span ? dateOfDay(read.span.to) : null,
      calibrationEnd: command.calibrationEnd,
      timeUnit: command.unit,
      currency: read.currency,
    },
    models: { bgnbd, mbgnbd, pareto, gammaGamma: report.gammaGamma },
    predictedBy: report.predictedBy,
    holdout: report.holdout,
    totals: report.totals,
    warnings: [...read.warnings, ...report.warnings],
  };
}

function writeCustomers(file: string, rows: readonly LtvRow[]): void {
  const lines = rows.map((row) =>
    [
      field(row.customer),
      row.x,
      row.tx,
      row.T,
      row.zbar,
      row.alive,
      row.expectedOrders,
      row.expectedValue,
    ].join(','),
  );
  const text = ['customer,x,t_x,T,zbar,pAlive,expectedOrders,expectedValue', ...lines].join('\n');
  try {
    writeFileSync(file, `${text}\n`);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    throw new LtvOptionError(`--customers: ${file} cannot be written${code}`);
  }
}

function field(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
