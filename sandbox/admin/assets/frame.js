/* global CSS, addEventListener, confirm, history, location -- a browser's */
/**
 * The admin's half of App Bridge: it answers the app in the iframe, and nobody else. Messages are accepted from
 * that window and that origin only, and answered to that origin only.
 */
const host = document.getElementById('app-frame');
const frame = document.getElementById('app');
const { appOrigin, base, token, shop } = host.dataset;
const menu = document.getElementById('app-navigation');
const titleBar = document.getElementById('title-bar');
const saveBar = document.getElementById('save-bar');
const loading = document.getElementById('app-loading');
const toasts = document.getElementById('toasts');
const documentTitle = document.title;

const send = (message) => frame.contentWindow.postMessage({ sandboxBridge: 1, ...message }, appOrigin);

async function sessionToken(id) {
  try {
    const response = await fetch(token);
    const { idToken } = await response.json();
    send({ type: 'id-token', id, idToken });
  } catch {
    send({ type: 'id-token', id, error: 'The sandbox does not answer.' });
  }
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
    if (!primary) button.className = 'danger';
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
document
  .getElementById('save-bar-discard')
  .addEventListener('click', () => send({ type: 'save-bar-discard' }));

/** `shopify://admin/...` and addresses of the shop's admin open here. */
function openTop(address) {
  const url = new URL(address, location.href);
  const store = base.slice(0, base.indexOf('/apps/'));
  if (url.protocol === 'shopify:') location.assign(`${store}/${url.pathname.replace(/^\/*(admin\/)?/, '')}`);
  else if (url.hostname === 'admin.shopify.com') {
    const path = url.pathname.replace(/^\/store\/[^/]+/, '').replace(/^\/apps\/[^/]+/, '/apps/regulars');
    location.assign(store + path);
  } else location.assign(url);
}

addEventListener('message', (event) => {
  if (event.source !== frame.contentWindow || event.origin !== appOrigin) return;
  const message = event.data;
  if (message?.sandboxBridge !== 1) return;
  switch (message.type) {
    case 'hello':
      send({ type: 'welcome', shop });
      break;
    case 'id-token':
      void sessionToken(message.id);
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
      saveBar.hidden = !message.shown;
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
