/**
 * A file, plain or gzip (told by its first bytes, not its name), to CSV rows with exact line numbers. Streamed:
 * memory does not grow with the file, and a row of more than 8 MB is refused (a quote that is never closed
 * would otherwise swallow everything behind it).
 *
 * csv-parse counts a CRLF inside quotes as two lines, so lines are counted here, in its synchronous `on_record`.
 */
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { CsvError, parse } from 'csv-parse';
import { ExportFileError } from './export-file-error.ts';
import type { ExportRow } from './export-row.ts';

const MAX_ROW_CHARACTERS = 8_000_000;
const LINE_BREAK = /\r\n|\n|\r/g;

/** @throws ExportFileError when the file cannot be opened, unpacked or split into rows */
export async function* readExportRows(path: string): AsyncGenerator<ExportRow> {
  const kind = await fileKind(path);
  if (kind === 'empty') throw new ExportFileError(1, 'The file is empty.');
  if (kind === 'zip') {
    throw new ExportFileError(0, 'This is a zip archive. Unpack it first and use the CSV file in it.');
  }
  if (kind === 'utf-16') {
    throw new ExportFileError(
      0,
      'The file is in UTF-16, as spreadsheets save it. Use the file as Shopify wrote it (UTF-8).',
    );
  }

  let linesBefore = 0;
  let emptyLines = 0;
  const parser = parse({
    bom: true,
    relax_column_count: true,
    skip_empty_lines: true,
    record_delimiter: ['\r\n', '\n', '\r'],
    max_record_size: MAX_ROW_CHARACTERS,
    // A row instead of its fields: the types of csv-parse know no other record than string[].
    on_record: (fields, context): string[] => {
      emptyLines = context.empty_lines;
      const line = linesBefore + emptyLines + 1;
      linesBefore += 1;
      for (const field of fields) {
        if (field.includes('\n') || field.includes('\r')) linesBefore += field.match(LINE_BREAK)?.length ?? 0;
      }
      return { line, fields } satisfies ExportRow as unknown as string[];
    },
  });
  const file = createReadStream(path);
  const streams = kind === 'gzip' ? [file, createGunzip(), parser] : [file, parser];
  // The parser is destroyed with the first error of any stream, and so ends the loop below with it.
  pipeline(streams, () => undefined);
  try {
    for await (const row of parser) yield row as ExportRow;
  } catch (error) {
    throw explain(error, linesBefore + emptyLines + 1);
  } finally {
    file.destroy();
  }
}

type FileKind = 'csv' | 'gzip' | 'zip' | 'utf-16' | 'empty';

async function fileKind(path: string): Promise<FileKind> {
  try {
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0);
      if (bytesRead === 0) return 'empty';
      if (buffer[0] === 0x1f && buffer[1] === 0x8b) return 'gzip';
      if (buffer[0] === 0x50 && buffer[1] === 0x4b) return 'zip';
      if ((buffer[0] === 0xff && buffer[1] === 0xfe) || (buffer[0] === 0xfe && buffer[1] === 0xff))
        return 'utf-16';
      return 'csv';
    } finally {
      await file.close();
    }
  } catch (error) {
    throw explain(error, 0);
  }
}

/** @param line on which the row begins that could not be read */
function explain(error: unknown, line: number): ExportFileError {
  if (error instanceof ExportFileError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const because = (at: number, reason: string) => new ExportFileError(at, reason, { cause: error });
  if (code === 'ENOENT') return because(0, 'There is no such file.');
  if (code === 'EISDIR') return because(0, 'This is a folder, not a file.');
  if (code === 'EACCES' || code === 'EPERM')
    return because(0, 'The file may not be read: permission denied.');
  if (code === 'CSV_QUOTE_NOT_CLOSED' || code === 'CSV_MAX_RECORD_SIZE') {
    return because(line, 'A quote (") in the row that begins here is never closed. The file may be cut off.');
  }
  if (error instanceof CsvError) {
    return because(line, 'The row that begins here is not valid CSV: a quote (") stands where none may be.');
  }
  if (code.startsWith('Z_') || code.startsWith('ERR_ZLIB')) {
    return because(0, 'The gzip file is damaged or cut off.');
  }
  return because(0, 'The file could not be read.');
}
