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

const say = (words: string) => void process.stderr.write(`${words}\n`);

async function main(): Promise<number> {
  const args = process.argv.slice(2);
  if (args.includes('--help')) {
    process.stdout.write(`${USAGE}\n`);
    return 0;
  }
  const command = readLtvOptions(args, process.env['REGULARS_CALLED_FROM'] ?? process.cwd());
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
    say([outcome.sentence, ...read.warnings].join('\n'));
    return 2;
  }
  const { report } = outcome;
  if (command.customers !== undefined) writeCustomers(command.customers, report.rows);
  process.stdout.write(`${JSON.stringify(answer(command, read, report))}\n`);
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

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof LtvOptionError) && !(error instanceof ExportFileError)) throw error;
  say(error.message);
  process.exitCode = 2;
}
