import type { StayField } from '../../../segments/parse-stay-form.ts';

/** What was sent on the settings page of a segment and is wrong. */
export interface RefusedSetting {
  intent: string;
  /** Beside the fields. */
  errors: Partial<Record<StayField | 'name' | 'tag' | 'freezeDay' | 'share', string>>;
  /** Above everything. */
  message?: string;
  given: Record<string, string>;
}
