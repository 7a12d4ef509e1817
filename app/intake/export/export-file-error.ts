/**
 * A file that is no readable order export. `reason` is a sentence for the person who gave the file: what is
 * wrong and what to do. It never quotes a customer's data beyond the one value that could not be read.
 */
export class ExportFileError extends Error {
  /** 1-based line of the file; 0 when the file as a whole could not be opened or is no text. */
  readonly line: number;
  readonly reason: string;

  constructor(line: number, reason: string, options: { cause?: unknown } = {}) {
    super(line > 0 ? `Line ${line}: ${reason}` : reason, options);
    this.name = 'ExportFileError';
    this.line = line;
    this.reason = reason;
  }
}
