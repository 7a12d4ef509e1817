/* global URLSearchParams, clearTimeout -- a browser's */
/**
 * The resource picker: a dialogue of the admin with a search, a list, Cancel and Add. Its rows come from the
 * sandbox; what is chosen goes back to the app as the picker documents it.
 */
const NAMES = { product: 'products', variant: 'variants', collection: 'collections' };
const PAUSE_MS = 150;

/** @returns the chosen resources; undefined when the merchant cancels */
export function pickResources(store, options) {
  const { type, action = 'add', multiple = false, query = '', selectionIds = [], filter = {} } = options;
  const most = multiple === true ? Infinity : multiple === false ? 1 : Number(multiple);
  const verb = action === 'select' ? 'Select' : 'Add';
  /** By id, in the order in which they were chosen. */
  const chosen = new Map(selectionIds.map(({ id, variants }) => [id, { id, variants }]));

  const dialog = element('dialog', { className: 'modal picker' });
  const title = `${verb} ${NAMES[type]}`;
  dialog.setAttribute('aria-label', title);
  const search = element('input', { type: 'search', value: query, autocomplete: 'off' });
  const label = element(
    'label',
    { className: 'field' },
    element('span', {}, `Search ${NAMES[type]}`),
    search,
  );
  const list = element('ul', { className: 'picks' });
  const said = element('p', { className: 'quiet' });
  said.setAttribute('role', 'status');
  const cancel = element('button', { type: 'button', className: 'plain' }, 'Cancel');
  const done = element('button', { type: 'button' }, verb);
  dialog.append(
    element('h2', {}, title),
    label,
    list,
    said,
    element('div', { className: 'buttons' }, cancel, done),
  );

  function refresh() {
    done.disabled = chosen.size === 0;
    const count = chosen.size === 0 ? 'Nothing chosen' : `${chosen.size} chosen`;
    said.textContent = `${said.dataset.note ?? ''} ${count}`.trim();
    for (const box of list.querySelectorAll('input')) {
      box.checked = chosen.has(box.value);
      box.disabled = !box.checked && most > 1 && chosen.size >= most;
    }
  }

  function row(item) {
    const box = element('input', { type: 'checkbox', value: item.id });
    box.addEventListener('change', () => {
      if (most === 1) chosen.clear();
      if (box.checked) chosen.set(item.id, item.selection);
      else chosen.delete(item.id);
      refresh();
    });
    if (chosen.has(item.id)) chosen.set(item.id, item.selection);
    const words = element('span', {}, item.label, element('span', { className: 'quiet' }, ` ${item.detail}`));
    return element('li', {}, element('label', { className: 'tick' }, box, words));
  }

  let asked = 0;
  async function load() {
    const mine = ++asked;
    const parameters = new URLSearchParams({ q: search.value });
    if (filter.query) parameters.set('query', filter.query);
    if (type !== 'collection') {
      parameters.append('status', 'active');
      if (filter.draft !== false) parameters.append('status', 'draft');
      if (filter.archived !== false) parameters.append('status', 'archived');
    }
    const kind = type === 'collection' ? 'collection' : 'product';
    const response = await fetch(`${store}/pick/${kind}?${parameters}`);
    const { items, more, complaint } = await response.json();
    if (mine !== asked) return;
    const rows = type === 'variant' ? items.flatMap(variantsOf) : items;
    list.replaceChildren(...rows.map(row));
    said.dataset.note =
      complaint ?? (rows.length === 0 ? 'Nothing found.' : more ? 'There are more: search for them.' : '');
    refresh();
  }

  let timer;
  search.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(() => void load(), PAUSE_MS);
  });
  document.body.append(dialog);
  dialog.showModal();
  search.focus();
  void load();
  return new Promise((resolve) => {
    cancel.addEventListener('click', () => dialog.close());
    done.addEventListener('click', () => dialog.close('done'));
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(dialog.returnValue === 'done' ? [...chosen.values()] : undefined);
    });
  });
}

function variantsOf(product) {
  return product.selection.variants.map((variant) => ({
    id: variant.id,
    label: variant.displayName,
    detail: variant.sku ?? '',
    selection: variant,
  }));
}

function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}
