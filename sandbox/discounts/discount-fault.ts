/** A DiscountUserError. Its text is captured where a note beside it does not say otherwise. */
export interface DiscountFault {
  field: string[];
  message: string;
  /** A DiscountErrorCode of the schema. */
  code: string;
  extraInfo: null;
}

export function fault(field: readonly string[], message: string, code: string): DiscountFault {
  return { field: [...field], message, code, extraInfo: null };
}
