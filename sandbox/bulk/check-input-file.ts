import type { BulkUserError } from './check-documents.ts';

const MAX_INPUT_MB = 100;

/** @param size in bytes; undefined: there is no such file */
export function checkInputFile(size: number | undefined): BulkUserError | undefined {
  if (size === undefined) {
    return {
      field: null,
      message:
        "The JSONL file could not be found. Try uploading the file again, and check that you've entered the URL correctly for the stagedUploadPath mutation argument.",
      code: 'NO_SUCH_FILE',
    };
  }
  const code = 'INVALID_STAGED_UPLOAD_FILE';
  if (size === 0) return { field: null, message: 'The input file is empty.', code };
  if (size > MAX_INPUT_MB * 1024 * 1024) {
    return {
      field: null,
      message: `The input file size exceeds the maximum allowed size of ${MAX_INPUT_MB} MB.`,
      code,
    };
  }
  return undefined;
}
