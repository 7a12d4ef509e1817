/** What a discount is called, and by which code it is had. */
import { LONGEST, type Reading } from './discount-input.ts';

export function readTitle(reading: Reading): void {
  const { before, discount, input, kind, method, refuse } = reading;
  const { title } = input;
  if (title !== undefined && title !== null) discount.title = title;
  // Code discounts without a title are called by their code.
  if (!before && !title?.trim() && method === 'code' && kind !== 'bxgy') discount.title = input.code ?? '';
  if (discount.title.trim() === '') {
    if (kind === 'app') refuse(['title'], "Title can't be blank.", 'INVALID');
    else refuse(['title'], "Title can't be blank", 'BLANK');
  } else if ([...discount.title].length > LONGEST) {
    refuse(['title'], `Title is too long (maximum is ${LONGEST} characters)`, 'TOO_LONG');
  }
}

export function readCode(reading: Reading): void {
  const { before, discount, input, kind, refuse, store } = reading;
  const { code } = input;
  if (code === undefined || code === null) {
    if (!before) blankCode(reading);
    return;
  }
  if (code === '' && kind !== 'app')
    refuse(['code'], 'Code is too short (minimum is 1 character)', 'TOO_SHORT');
  else if (code.trim() === '') blankCode(reading);
  else if ([...code].length > LONGEST) {
    refuse(['code'], `Code is too long (maximum is ${LONGEST} characters)`, 'TOO_LONG');
  } else if (/[\r\n]/.test(code)) refuse(['code'], 'Code cannot contain newline characters.', 'INVALID');
  else if (isTaken(reading, code))
    refuse(['code'], 'Code must be unique. Please try a different code.', 'TAKEN');
  else discount.codes = [{ id: discount.codes[0]?.id ?? store.newId('other'), code }];
}

function blankCode(reading: Reading): void {
  const { kind, refuse } = reading;
  if (kind === 'app') refuse(['code'], "Discount code can't be blank.", 'INVALID');
  else refuse(['code'], "Code can't be blank", 'BLANK');
}

/** Without case. */
function isTaken(reading: Reading, code: string): boolean {
  const { discount, store } = reading;
  const wanted = code.toLowerCase();
  return [...store.discounts.all()].some(
    ({ id, codes }) => id !== discount.id && codes.some((one) => one.code.toLowerCase() === wanted),
  );
}
