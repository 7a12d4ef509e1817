/**
 * One form an act. Without a script it posts and comes back to the page with its sentence; with it the
 * sentence appears beside the form and the page stays.
 */
import type { Store } from '../store/store.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';
import { storePath } from './layout.ts';

/** What the last act of a form said, when the page was loaded again because of it. */
export interface Said {
  form: string;
  text: string;
  failed: boolean;
}

export function readSaid(url: URL): Said | undefined {
  const form = url.searchParams.get('form');
  const text = url.searchParams.get('said') ?? url.searchParams.get('error');
  return form && text ? { form, text, failed: url.searchParams.has('error') } : undefined;
}

export interface FormInput {
  /** Unique on the page. */
  id: string;
  act: string;
  /** Where to go back to. */
  back: string;
  hidden?: Readonly<Record<string, string>>;
  fields?: Html | readonly Html[];
  button: string;
  danger?: boolean;
  /** Not what the page is for: a quieter button. */
  plain?: boolean;
  /** The button's accessible name, where several forms have the same button. */
  buttonLabel?: string;
}

export function actForm(store: Store, input: FormInput, said?: Said): Html {
  const own = said?.form === input.id ? said : undefined;
  return html`<form
    class="act"
    id="${input.id}"
    method="post"
    action="${storePath(store)}/acts/${input.act}"
    data-act="${input.act}"
    aria-label="${input.buttonLabel ?? input.button}"
    data-testid="${input.id}"
  >
    <input type="hidden" name="_form" value="${input.id}" />
    <input type="hidden" name="_back" value="${input.back}" />
    ${Object.entries(input.hidden ?? {}).map(
      ([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`,
    )}
    ${input.fields}
    <button
      class="${input.danger ? 'danger' : input.plain ? 'plain' : ''}"
      ${input.buttonLabel ? html` aria-label="${input.buttonLabel}"` : null}
    >
      ${input.button}
    </button>
    <output class="${own?.failed ? 'failed' : ''}" role="status">${own?.text}</output>
  </form>`;
}

/** A labelled input. */
export function field(
  label: string,
  name: string,
  options: {
    type?: string;
    required?: boolean;
    value?: string;
    hint?: string;
    mode?: string;
    id?: string;
  } = {},
): Html {
  return html`<label class="field"
    ><span>${label}</span
    ><input
      name="${name}"
      type="${options.type ?? 'text'}"
      value="${options.value}"
      ${options.required ? html` required` : null}
      ${options.mode ? html` inputmode="${options.mode}"` : null}
      ${options.hint ? html` placeholder="${options.hint}"` : null}
      autocomplete="off"
  /></label>`;
}

/** A labelled choice. */
export function choice(
  label: string,
  name: string,
  values: readonly (readonly [value: string, text: string])[],
  chosen?: string,
): Html {
  return html`<label class="field"
    ><span>${label}</span
    ><select name="${name}">
      ${values.map(
        ([value, text]) =>
          html`<option value="${value}" ${value === chosen ? html` selected` : null}>${text}</option>`,
      )}
    </select></label
  >`;
}
