/* global CSS, FormData, HTMLFormElement, HTMLInputElement, URLSearchParams, location -- a browser's */
/**
 * Forms that answer beside themselves, and parts of a page that follow the store. Everything works without
 * this file, by loading the page again.
 */
const POLL_MS = 1000;

const live = document.querySelector('[data-live]');

/** Parts that somebody is using are left alone: an open menu stays open, a field keeps its text. */
function replacePart(id, markup) {
  const element = document.getElementById(id);
  if (!element || element.dataset.markup === markup) return;
  const used = element.contains(document.activeElement) && document.activeElement.matches('input, select');
  if (used || element.querySelector('form[aria-busy="true"]')) return;
  const first = element.dataset.markup === undefined;
  element.dataset.markup = markup;
  const spare = document.createElement('template');
  spare.innerHTML = markup;
  if (first && spare.content.textContent.replace(/\s+/g, '') === element.textContent.replace(/\s+/g, ''))
    return;
  const open = [...element.querySelectorAll('details[open][id]')].map((details) => details.id);
  const said = [...element.querySelectorAll('form output:not(:empty)')].map((output) => [
    output.form?.id ?? output.closest('form').id,
    output.textContent,
    output.className,
  ]);
  const focused = element.contains(document.activeElement)
    ? document.activeElement.closest('[id]')?.id
    : null;
  const before = new Set([...element.querySelectorAll('.tags li')].map((item) => item.textContent.trim()));
  element.replaceChildren(spare.content);
  for (const details of open) document.getElementById(details)?.setAttribute('open', '');
  for (const [form, text, className] of said) {
    const output = document.querySelector(`#${CSS.escape(form)} output`);
    if (output) Object.assign(output, { textContent: text, className });
  }
  if (focused && focused !== id) document.getElementById(focused)?.querySelector('summary, button')?.focus();
  if (!first) {
    for (const item of element.querySelectorAll('.tags li')) {
      if (!before.has(item.textContent.trim())) item.classList.add('fresh');
    }
  }
}

async function refresh() {
  const response = await fetch(live.dataset.live, { headers: { accept: 'application/json' } });
  if (!response.ok) return;
  const state = await response.json();
  const clock = document.getElementById('business-clock');
  if (clock && clock.textContent !== state.clock) clock.textContent = state.clock;
  for (const [id, markup] of Object.entries(state.parts)) replacePart(id, markup);
}

async function follow() {
  if (document.visibilityState === 'visible') await refresh().catch(() => undefined);
  setTimeout(follow, POLL_MS);
}

document.addEventListener('submit', async (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || !form.dataset.act) return;
  event.preventDefault();
  const output = form.querySelector('output');
  const button = form.querySelector('button');
  form.setAttribute('aria-busy', 'true');
  button.disabled = true;
  output.className = '';
  output.textContent = '';
  try {
    const response = await fetch(form.action, {
      method: 'POST',
      headers: { accept: 'application/json' },
      body: new URLSearchParams(new FormData(form)),
    });
    const { said, error, back } = await response.json();
    const done = said !== undefined;
    output.className = done ? '' : 'failed';
    output.textContent = said ?? error ?? 'That did not work.';
    if (done) {
      if (!live || form.dataset.act === 'delete-customer') {
        location.assign(`${back}?${new URLSearchParams({ form: form.id, said })}`);
        return;
      }
      form.reset();
    }
  } catch {
    output.className = 'failed';
    output.textContent = 'The sandbox does not answer.';
  } finally {
    form.removeAttribute('aria-busy');
    button.disabled = false;
  }
  if (live) {
    if (document.activeElement instanceof HTMLInputElement) button.focus();
    await refresh().catch(() => undefined);
  }
});

if (live) follow();
if (document.getElementById('app-frame')) import('./frame.js');
