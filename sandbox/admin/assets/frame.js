/* global CSS, addEventListener, confirm, history, location -- a browser's */
/**
 * The admin's half of App Bridge: it answers the app in the iframe and the app's pages in modals, and nobody
 * else. Messages are accepted from those windows and that origin only, and answered to that origin only.
 */
import { pickResources } from './picker.js';

const host = document.getElementById('app-frame');
const frame = document.getElementById('app');
const { appOrigin, base, token, shop } = host.dataset;
const menu = document.getElementById('app-navigation');
const titleBar = document.getElementById('title-bar');
const saveBar = document.getElementById('save-bar');
const loading = document.getElementById('app-loading');
const toasts = document.getElementById('toasts');
const documentTitle = document.title;

const answer = (target, message) => target.postMessage({ sandboxBridge: 1, ...message }, appOrigin);
const send = (message) => answer(frame.contentWindow, message);

/** Fetches what was asked for, and answers with it or with what went wrong. */
async function reply(target, { type, id }, fetchAnswer) {
  try {
    answer(target, { type, id, ...(await fetchAnswer()) });
  } catch {
    answer(target, { type, id, error: 'The sandbox does not answer.' });
  }
}

const getJson = async (address) => (await fetch(address, { headers: { accept: 'application/json' } })).json();
const store = base.slice(0, base.indexOf('/apps/'));

/** Frames of modals with a page of their own, by name. */
const modals = new Map();

async function openModal({ name, src, variant, title, actions, id }, owner) {
  const address = new URL(src);
  if (address.origin !== appOrigin) {
    answer(owner, { type: 'modal-opened', id, error: `A modal shows pages of ${appOrigin} only.` });
    return;
  }
  const first = new URL(frame.src).searchParams;
  for (const parameter of ['shop', 'host', 'embedded', 'locale']) {
    if (first.has(parameter)) address.searchParams.set(parameter, first.get(parameter));
  }
  address.searchParams.set('id_token', (await getJson(token)).idToken);
  const dialog = document.createElement('dialog');
  dialog.className = `modal ${variant}`;
  dialog.setAttribute('aria-label', title || 'Dialogue');
  const bar = document.createElement('div');
  bar.className = 'title-bar';
  const words = document.createElement('strong');
  words.textContent = title;
  bar.append(words);
  for (const { label, index, primary, disabled } of actions) {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = label;
    button.disabled = disabled;
    if (!primary) button.className = 'plain';
    button.addEventListener('click', () => answer(owner, { type: 'modal-action', name, index }));
    bar.append(button);
  }
  const close = document.createElement('button');
  close.type = 'button';
  close.className = 'plain';
  close.textContent = 'Close';
  close.addEventListener('click', () => dialog.close());
  bar.append(close);
  const inner = document.createElement('iframe');
  inner.name = name;
  inner.title = title || 'Dialogue';
  inner.src = address.href;
  dialog.append(bar, inner);
  dialog.addEventListener('close', () => {
    dialog.remove();
    if (modals.delete(name)) answer(owner, { type: 'modal-closed', name });
  });
  modals.set(name, { dialog, inner });
  document.body.append(dialog);
  dialog.showModal();
  inner.addEventListener('load', () => answer(owner, { type: 'modal-opened', id }), { once: true });
}

function closeModal({ name }) {
  const modal = modals.get(name);
  modals.delete(name);
  modal?.dialog.close();
}

function leaveWanted() {
  return saveBar.hidden || confirm('Leave without saving?');
}

function showNavigation(items) {
  for (const old of menu.querySelectorAll('.app-item')) old.remove();
  for (const { label, href } of items) {
    const item = document.createElement('li');
    item.className = 'app-item';
    const link = document.createElement('a');
    link.textContent = label;
    link.href = base + href;
    link.dataset.appHref = href;
    item.append(link);
    menu.append(item);
  }
  markCurrent();
}

function markCurrent() {
  const path = location.pathname.slice(base.length) || '/';
  const home = menu.querySelector(`a[href="${base}"]`);
  home?.setAttribute('aria-current', 'page');
  for (const link of menu.querySelectorAll('a[data-app-href]')) {
    const target = new URL(link.dataset.appHref, appOrigin).pathname;
    const current = path === target || path.startsWith(`${target}/`);
    if (!current) {
      link.removeAttribute('aria-current');
      continue;
    }
    link.setAttribute('aria-current', 'page');
    home?.removeAttribute('aria-current');
  }
}

menu.addEventListener('click', (event) => {
  const link = event.target.closest('a[data-app-href]');
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  if (!leaveWanted()) return;
  saveBar.hidden = true;
  send({ type: 'navigate', href: link.dataset.appHref });
});

/** The address of this page follows the app's, so that a reload comes back to the same place. */
function followLocation(path) {
  const wanted = base + (path === '/' ? '' : path);
  if (wanted !== location.pathname + location.search) history.replaceState(null, '', wanted);
  markCurrent();
}

function showTitleBar({ title, actions }) {
  titleBar.replaceChildren();
  titleBar.hidden = !title && actions.length === 0;
  document.title = title ? `${title} · ${documentTitle}` : documentTitle;
  const words = document.createElement('strong');
  words.textContent = title;
  titleBar.append(words);
  for (const { label, index, primary, disabled } of actions) {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = label;
    button.disabled = disabled;
    if (!primary) button.className = 'plain';
    button.addEventListener('click', () => send({ type: 'title-action', index }));
    titleBar.append(button);
  }
}

function showToast({ id, text, error, action, duration }) {
  const toast = document.createElement('div');
  toast.className = error ? 'toast error' : 'toast';
  toast.dataset.id = id;
  toast.textContent = text;
  if (action) {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = action;
    button.addEventListener('click', () => send({ type: 'toast-action', id }));
    toast.append(button);
  }
  toasts.append(toast);
  setTimeout(() => hideToast(id), duration);
}

function hideToast(id) {
  const toast = toasts.querySelector(`[data-id="${CSS.escape(id)}"]`);
  if (!toast) return;
  toast.remove();
  send({ type: 'toast-dismissed', id });
}

document.getElementById('save-bar-save').addEventListener('click', () => send({ type: 'save-bar-save' }));
document.getElementById('save-bar-discard').addEventListener('click', () => {
  if (saveBar.dataset.confirmDiscard === 'true' && !confirm('Discard all unsaved changes?')) return;
  send({ type: 'save-bar-discard' });
});

function showSaveBar({ shown, save, discard, confirmDiscard }) {
  saveBar.hidden = !shown;
  saveBar.dataset.confirmDiscard = String(confirmDiscard);
  for (const [name, state] of [
    ['save', save],
    ['discard', discard],
  ]) {
    const button = document.getElementById(`save-bar-${name}`);
    button.disabled = state.disabled || state.loading;
    button.setAttribute('aria-busy', String(state.loading));
  }
}

/** Leaving the page by any other way than the menu: the browser asks. */
addEventListener('beforeunload', (event) => {
  if (!saveBar.hidden) event.preventDefault();
});

/** `shopify://admin/...` and addresses of the shop's admin open here. */
function openTop(address) {
  const url = new URL(address, location.href);
  if (url.protocol === 'shopify:') location.assign(`${store}/${url.pathname.replace(/^\/*(admin\/)?/, '')}`);
  else if (url.hostname === 'admin.shopify.com') {
    const path = url.pathname.replace(/^\/store\/[^/]+/, '').replace(/^\/apps\/[^/]+/, '/apps/regulars');
    location.assign(store + path);
  } else location.assign(url);
}

/** What a page in a modal may ask for: the rest is of the app's main page. */
function fromModal(message, source) {
  if (message.type === 'hello') answer(source, { type: 'welcome', shop });
  else if (message.type === 'id-token') void reply(source, message, () => getJson(token));
  else if (message.type === 'toast') showToast(message);
  else if (message.type === 'loading') loading.hidden = !message.on;
  else if (message.type === 'open-top') openTop(message.href);
  else if (message.type === 'scopes') void scopes(message, source);
}

const scopes = (message, target) =>
  reply(target, message, async () => ({ detail: await getJson(`${store}/scopes`) }));

addEventListener('message', (event) => {
  if (event.origin !== appOrigin) return;
  const message = event.data;
  if (message?.sandboxBridge !== 1) return;
  if (event.source !== frame.contentWindow) {
    const known = [...modals.values()].some(({ inner }) => inner.contentWindow === event.source);
    if (known) fromModal(message, event.source);
    return;
  }
  switch (message.type) {
    case 'hello':
      send({ type: 'welcome', shop });
      break;
    case 'id-token':
      void reply(frame.contentWindow, message, () => getJson(token));
      break;
    case 'scopes':
      void scopes(message, frame.contentWindow);
      break;
    case 'pick':
      void pickResources(store, message.options).then((selection) =>
        send({ type: 'picked', id: message.id, selection }),
      );
      break;
    case 'modal-open':
      void openModal(message, frame.contentWindow);
      break;
    case 'modal-close':
      closeModal(message);
      break;
    case 'location':
      followLocation(message.path);
      break;
    case 'navigation':
      showNavigation(message.items);
      break;
    case 'title-bar':
      showTitleBar(message);
      break;
    case 'save-bar':
      showSaveBar(message);
      break;
    case 'leave':
      send({ type: 'leave', id: message.id, allowed: leaveWanted() });
      break;
    case 'loading':
      loading.hidden = !message.on;
      break;
    case 'toast':
      showToast(message);
      break;
    case 'toast-hide':
      hideToast(message.id);
      break;
    case 'open-top':
      openTop(message.href);
      break;
  }
});

send({ type: 'welcome', shop });
