/* global Element, Event, HTMLElement, MutationObserver, Request, URLSearchParams, addEventListener, atob, clearInterval, clearTimeout, customElements, history, location, sessionStorage, setInterval -- a browser's */
/**
 * A stand-in for Shopify's App Bridge, for the sandbox's admin frame. Covered: session tokens (also after a 401
 * that asks for a new one), the reload page, fetch with the token, navigation menu, title bar, save bar, toast,
 * loading, modal (content or src), resource picker, granted scopes. Everything else says loudly that it is not
 * there. A modal with content is drawn in the app's own frame, one with src by the admin, as at Shopify.
 */
(() => {
  if (window.shopify?.sandbox) return;
  const script = document.currentScript;
  const admin = new URL(script.src).origin;
  const embedded = window.parent !== window;
  const query = new URLSearchParams(location.search);
  const ADMIN_PARAMETERS = ['embedded', 'hmac', 'host', 'id_token', 'locale', 'session', 'shop', 'timestamp'];

  const remembered = (name) => {
    const value = query.get(name);
    try {
      if (value) sessionStorage.setItem(`sandbox-bridge-${name}`, value);
      return value ?? sessionStorage.getItem(`sandbox-bridge-${name}`) ?? undefined;
    } catch {
      return value ?? undefined;
    }
  };
  const config = {
    apiKey: script.dataset.apiKey ?? document.querySelector('meta[name="shopify-api-key"]')?.content,
    shop: remembered('shop'),
    host: remembered('host'),
    locale: remembered('locale') ?? 'en',
  };

  // --- messages ---------------------------------------------------------------------------------------------
  const waiting = new Map();
  let lastId = 0;
  const tell = (message) => {
    if (embedded) window.parent.postMessage({ sandboxBridge: 1, ...message }, admin);
  };
  const ask = (message, timeoutMs = 10_000) =>
    new Promise((resolve, reject) => {
      if (!embedded) return reject(new Error('App Bridge works only inside the admin'));
      const id = `${++lastId}`;
      // The admin's script may not be listening yet: asking for a token again costs nothing, the first answer counts.
      const again = message.type === 'id-token' && setInterval(() => tell({ ...message, id }), 500);
      const timer = setTimeout(() => {
        clearInterval(again);
        waiting.delete(id);
        reject(new Error(`The admin did not answer: ${message.type}`));
      }, timeoutMs);
      waiting.set(id, (answer) => {
        clearTimeout(timer);
        clearInterval(again);
        waiting.delete(id);
        if (answer.error) reject(new Error(answer.error));
        else resolve(answer);
      });
      tell({ ...message, id });
    });

  // --- session tokens ---------------------------------------------------------------------------------------
  let kept;
  const expiryOf = (token) => {
    try {
      return JSON.parse(atob(token.split('.')[1].replace(/-/g, '+').replace(/_/g, '/'))).exp * 1000;
    } catch {
      return 0;
    }
  };
  async function idToken() {
    if (!kept || kept.expiresAt - 10_000 < Date.now()) {
      const answer = ask({ type: 'id-token' }).then((got) => got.idToken);
      const mine = { token: answer, expiresAt: Infinity };
      kept = mine;
      try {
        mine.expiresAt = expiryOf(await answer);
      } catch (error) {
        if (kept === mine) kept = undefined;
        throw error;
      }
    }
    return kept.token;
  }

  // The reload page: a fresh token, then back to where the app wanted to be.
  const reload = query.get('shopify-reload');
  if (reload !== null && embedded) {
    idToken().then((token) => {
      const target = new URL(reload, location.href);
      target.searchParams.set('id_token', token);
      location.replace(target);
    }, console.error);
  }

  const originalFetch = window.fetch.bind(window);
  const RETRY = 'X-Shopify-Retry-Invalid-Session-Request';
  const REAUTHORISE = 'X-Shopify-API-Request-Failure-Reauthorize-Url';
  window.fetch = async (input, init) => {
    const request = new Request(input, init);
    if (
      !embedded ||
      new URL(request.url).origin !== location.origin ||
      request.headers.has('authorization')
    ) {
      return originalFetch(request);
    }
    const attempt = async (one) => {
      one.headers.set('authorization', `Bearer ${await idToken()}`);
      one.headers.set('x-requested-with', 'XMLHttpRequest');
      return originalFetch(one);
    };
    const again = request.clone();
    let response = await attempt(request);
    if (response.status === 401 && response.headers.has(RETRY)) {
      kept = undefined;
      response = await attempt(again);
    }
    const reauthorise = response.headers.get(REAUTHORISE);
    if (reauthorise) tell({ type: 'open-top', href: new URL(reauthorise, location.href).href });
    return response;
  };

  const originalOpen = window.open.bind(window);
  window.open = (href, target, ...rest) => {
    const url = new URL(href ?? '', location.href);
    const inAdmin = url.protocol === 'shopify:' || url.hostname === 'admin.shopify.com';
    if (embedded && (inAdmin || target === '_top' || target === '_parent')) {
      tell({ type: 'open-top', href: url.href });
      return null;
    }
    return originalOpen(href, target, ...rest);
  };

  // --- where the app is -------------------------------------------------------------------------------------
  let lastPath;
  const tellLocation = () => {
    if (reload !== null) return;
    const url = new URL(location.href);
    for (const name of ADMIN_PARAMETERS) url.searchParams.delete(name);
    const path = url.pathname + url.search;
    if (path !== lastPath) tell({ type: 'location', path });
    lastPath = path;
  };
  for (const name of ['pushState', 'replaceState']) {
    const original = history[name].bind(history);
    history[name] = (...words) => {
      original(...words);
      tellLocation();
    };
  }
  addEventListener('popstate', tellLocation);

  // --- menu, title bar, save bar ----------------------------------------------------------------------------
  const hidden = document.createElement('style');
  hidden.textContent = 'ui-nav-menu, s-app-nav, ui-title-bar, ui-save-bar { display: none !important }';
  document.head.append(hidden);

  const menuLinks = () => [
    ...document.querySelectorAll('ui-nav-menu a, s-app-nav a, s-app-nav s-link, s-app-nav [href]'),
  ];
  let lastMenu = '';
  function tellMenu() {
    const items = [...new Set(menuLinks())]
      .filter((link) => link.getAttribute('rel') !== 'home' && link.getAttribute('href'))
      .map((link) => ({ label: link.textContent.trim(), href: link.getAttribute('href') }));
    const text = JSON.stringify(items);
    if (text === lastMenu) return;
    lastMenu = text;
    tell({ type: 'navigation', items });
  }
  function navigate(href) {
    let link = menuLinks().find((one) => one.getAttribute('href') === href);
    const spare = link ? undefined : document.createElement('a');
    if (spare) {
      spare.setAttribute('href', href);
      spare.hidden = true;
      document.body.append(spare);
      link = spare;
    }
    link.dispatchEvent(new Event('shopify:navigate', { bubbles: true, cancelable: true }));
    spare?.remove();
  }

  const pageTitleBar = () =>
    [...document.querySelectorAll('ui-title-bar')].find((bar) => !bar.closest('ui-modal'));
  const titleButtons = () => [...(pageTitleBar()?.querySelectorAll('button, a') ?? [])];
  let lastTitle = JSON.stringify({ title: '', actions: [] });
  function tellTitleBar() {
    const title = pageTitleBar()?.getAttribute('title') ?? '';
    const actions = titleButtons().map((button, index) => ({
      label: button.textContent.trim(),
      index,
      primary: button.getAttribute('variant') === 'primary',
      disabled: button.hasAttribute('disabled'),
    }));
    const text = JSON.stringify({ title, actions });
    if (text === lastTitle) return;
    lastTitle = text;
    tell({ type: 'title-bar', title, actions });
  }

  /** What Save and Discard do: an element's buttons, or a form's submit and reset. */
  let openSaveBar;
  let lastSaveBar = '';
  function tellSaveBar() {
    const bar = openSaveBar;
    const state = (button) => ({
      disabled: Boolean(button?.hasAttribute('disabled')),
      loading: Boolean(button?.hasAttribute('loading')),
    });
    const message = {
      type: 'save-bar',
      shown: Boolean(bar),
      save: state(bar?.saveButton?.()),
      discard: state(bar?.discardButton?.()),
      confirmDiscard: Boolean(bar?.confirmDiscard),
    };
    const text = JSON.stringify(message);
    if (text === lastSaveBar) return;
    lastSaveBar = text;
    tell(message);
  }
  function showSaveBar(bar) {
    if (openSaveBar && openSaveBar.element !== bar.element) hideSaveBar();
    const already = openSaveBar !== undefined;
    openSaveBar = bar;
    tellSaveBar();
    if (!already) bar.element?.dispatchEvent(new Event('show'));
  }
  function hideSaveBar() {
    const bar = openSaveBar;
    openSaveBar = undefined;
    tellSaveBar();
    bar?.element?.dispatchEvent(new Event('hide'));
  }
  const barButton = (bar, primary) =>
    [...bar.querySelectorAll('button')].find(
      (button) => (button.getAttribute('variant') === 'primary') === primary,
    );
  const saveBarOf = (element) => ({
    element,
    confirmDiscard: element.hasAttribute('discardconfirmation'),
    saveButton: () => barButton(element, true),
    discardButton: () => barButton(element, false),
    save: () => barButton(element, true)?.click(),
    discard: () => barButton(element, false)?.click(),
  });
  function elementSaveBar(id) {
    const bar = document.getElementById(id);
    if (bar?.localName !== 'ui-save-bar') throw new Error(`There is no save bar with the id ${id}`);
    return saveBarOf(bar);
  }
  const formSaveBar = (form) => ({
    form,
    confirmDiscard: form.hasAttribute('data-discard-confirmation'),
    save: () => form.requestSubmit(),
    discard: () => form.reset(),
  });
  for (const type of ['input', 'change']) {
    document.addEventListener(type, (event) => {
      const form = event.target instanceof Element ? event.target.closest('form[data-save-bar]') : null;
      if (form) showSaveBar(formSaveBar(form));
    });
  }
  for (const type of ['submit', 'reset']) {
    document.addEventListener(type, (event) => {
      if (openSaveBar?.form === event.target) hideSaveBar();
    });
  }

  customElements.define(
    'ui-save-bar',
    class extends HTMLElement {
      get showing() {
        return openSaveBar?.element === this;
      }
      get discardConfirmation() {
        return this.hasAttribute('discardconfirmation');
      }
      set discardConfirmation(on) {
        this.toggleAttribute('discardconfirmation', Boolean(on));
      }
      show() {
        showSaveBar(saveBarOf(this));
        return Promise.resolve();
      }
      hide() {
        hideSaveBar();
        return Promise.resolve();
      }
      toggle() {
        return this.showing ? this.hide() : this.show();
      }
    },
  );

  // --- modal ------------------------------------------------------------------------------------------------
  /** Open ones with a page of their own, by the name of their frame. */
  const pageModals = new Map();
  customElements.define(
    'ui-modal',
    class extends HTMLElement {
      #dialog;
      #content = document.createElement('div');

      #name;

      get content() {
        return this.#content;
      }
      get src() {
        return this.getAttribute('src') ?? undefined;
      }
      set src(address) {
        if (address) this.setAttribute('src', address);
        else this.removeAttribute('src');
      }
      get variant() {
        return this.getAttribute('variant') ?? 'base';
      }
      set variant(size) {
        this.setAttribute('variant', size);
      }
      /** Of the page that `src` names, while it is open. */
      get contentWindow() {
        return (this.#name && window.parent.frames[this.#name]) || null;
      }
      connectedCallback() {
        if (!this.#dialog) this.style.display = 'none';
      }
      disconnectedCallback() {
        this.#dialog?.remove();
        this.#dialog = undefined;
      }
      async #showPage() {
        const bar = this.querySelector('ui-title-bar');
        this.#name = `modal-${++lastId}`;
        pageModals.set(this.#name, this);
        await ask({
          type: 'modal-open',
          name: this.#name,
          src: new URL(this.src, location.href).href,
          variant: this.variant,
          title: bar?.getAttribute('title') ?? '',
          actions: [...(bar?.querySelectorAll('button') ?? [])].map((button, index) => ({
            label: button.textContent.trim(),
            index,
            primary: button.getAttribute('variant') === 'primary',
            disabled: button.hasAttribute('disabled'),
          })),
        });
        this.dispatchEvent(new Event('show'));
      }
      /** The admin closed it, or hide() did. */
      closed() {
        if (!this.#name) return;
        pageModals.delete(this.#name);
        this.#name = undefined;
        this.dispatchEvent(new Event('hide'));
      }
      action(index) {
        this.querySelector('ui-title-bar')?.querySelectorAll('button')[index]?.click();
      }
      show() {
        if (this.#dialog || this.#name) return Promise.resolve();
        if (this.src) return this.#showPage();
        const bar = this.querySelector('ui-title-bar');
        const dialog = document.createElement('dialog');
        dialog.setAttribute('aria-label', bar?.getAttribute('title') ?? 'Dialogue');
        dialog.dataset.variant = this.variant;
        const widths = { small: '380px', base: '620px', large: '980px', max: '100vw' };
        dialog.style.cssText = `box-sizing:border-box;border:1px solid #ccc;border-radius:12px;padding:16px;min-width:280px;width:${widths[this.variant] ?? widths.base};max-width:94vw;max-height:90vh`;
        const heading = document.createElement('h2');
        heading.textContent = bar?.getAttribute('title') ?? '';
        if (!this.#content.hasChildNodes()) {
          const inner = [...this.children].filter((child) => !child.matches('ui-title-bar, ui-save-bar'));
          this.#content.append(...inner.map((child) => child.cloneNode(true)));
        }
        const buttons = document.createElement('div');
        for (const button of bar?.querySelectorAll('button') ?? []) {
          const copy = document.createElement('button');
          copy.textContent = button.textContent;
          copy.disabled = button.hasAttribute('disabled');
          if (button.getAttribute('variant') === 'primary') copy.style.fontWeight = '600';
          copy.addEventListener('click', () => button.click());
          buttons.append(copy, ' ');
        }
        const close = document.createElement('button');
        close.type = 'button';
        close.textContent = 'Close';
        close.setAttribute('aria-label', 'Close dialogue');
        close.style.cssText = 'float:right';
        close.addEventListener('click', () => void this.hide());
        dialog.append(close, heading, this.#content, buttons);
        dialog.addEventListener('close', () => void this.hide());
        document.body.append(dialog);
        this.#dialog = dialog;
        dialog.showModal();
        this.dispatchEvent(new Event('show'));
        return Promise.resolve();
      }
      hide() {
        if (this.#name) {
          tell({ type: 'modal-close', name: this.#name });
          this.closed();
        }
        if (!this.#dialog) return Promise.resolve();
        const dialog = this.#dialog;
        this.#dialog = undefined;
        dialog.remove();
        this.dispatchEvent(new Event('hide'));
        return Promise.resolve();
      }
      toggle() {
        return this.#dialog || this.#name ? this.hide() : this.show();
      }
    },
  );
  const modalOf = (id) => {
    const modal = document.getElementById(id);
    if (modal?.localName !== 'ui-modal') throw new Error(`There is no ui-modal with the id ${id}`);
    return modal;
  };

  // --- toast ------------------------------------------------------------------------------------------------
  const toastsShown = new Map();
  function showToast(text, options = {}) {
    const id = `toast-${++lastId}`;
    toastsShown.set(id, options);
    tell({
      type: 'toast',
      id,
      text: String(text),
      error: Boolean(options.isError),
      action: options.action,
      duration: options.duration ?? 5000,
    });
    return id;
  }

  // --- from the admin ---------------------------------------------------------------------------------------
  addEventListener('message', (event) => {
    if (event.source !== window.parent || event.origin !== admin) return;
    const message = event.data;
    if (message?.sandboxBridge !== 1) return;
    switch (message.type) {
      case 'welcome':
        lastMenu = lastPath = lastTitle = lastSaveBar = undefined;
        watch();
        break;
      case 'id-token':
      case 'leave':
      case 'picked':
      case 'scopes':
      case 'modal-opened':
        waiting.get(message.id)?.(message);
        break;
      case 'navigate':
        navigate(message.href);
        break;
      case 'title-action':
        titleButtons()[message.index]?.click();
        break;
      case 'modal-closed':
        pageModals.get(message.name)?.closed();
        break;
      case 'modal-action':
        pageModals.get(message.name)?.action(message.index);
        break;
      case 'save-bar-save':
        openSaveBar?.save();
        break;
      case 'save-bar-discard':
        openSaveBar?.discard();
        break;
      case 'toast-action':
        toastsShown.get(message.id)?.onAction?.();
        break;
      case 'toast-dismissed':
        toastsShown.get(message.id)?.onDismiss?.();
        toastsShown.delete(message.id);
        break;
    }
  });

  // --- resource picker, scopes ------------------------------------------------------------------------------
  const PICKED = ['product', 'variant', 'collection'];
  const AN_HOUR = 3_600_000;
  async function resourcePicker(options = {}) {
    if (!PICKED.includes(options.type)) {
      throw new Error(`shopify.resourcePicker: type must be ${PICKED.join(', ')}, not ${options.type}`);
    }
    const { type, action, filter, multiple, query, selectionIds } = options;
    const answer = await ask(
      {
        type: 'pick',
        options: JSON.parse(JSON.stringify({ type, action, filter, multiple, query, selectionIds })),
      },
      AN_HOUR,
    );
    return answer.selection && Object.assign([...answer.selection], { selection: answer.selection });
  }
  const scopes = {
    query: async () => (await ask({ type: 'scopes' })).detail,
    request: (...words) => notThere('scopes.request')(...words),
    revoke: (...words) => notThere('scopes.revoke')(...words),
  };

  const notThere = (name) =>
    new Proxy(() => undefined, {
      get: (_target, property) => (property === 'then' ? undefined : notThere(`${name}.${String(property)}`)),
      apply: () => {
        throw new Error(`shopify.${name}() is not part of the sandbox's App Bridge`);
      },
    });
  const known = {
    sandbox: true,
    config,
    origin: admin,
    ready: Promise.resolve(),
    environment: { embedded, mobile: false, pos: false, intent: false },
    idToken,
    loading: (on = true) => tell({ type: 'loading', on: Boolean(on) }),
    toast: {
      show: showToast,
      hide: (id) => tell({ type: 'toast-hide', id }),
    },
    saveBar: {
      show: async (id) => showSaveBar(elementSaveBar(id)),
      hide: async () => hideSaveBar(),
      toggle: async (id) =>
        openSaveBar?.element?.id === id ? hideSaveBar() : showSaveBar(elementSaveBar(id)),
      leaveConfirmation: async () => {
        const { allowed } = await ask({ type: 'leave' }, 600_000);
        if (!allowed) return new Promise(() => undefined);
        if (openSaveBar) hideSaveBar();
      },
    },
    resourcePicker,
    scopes,
    modal: {
      show: (id) => modalOf(id).show(),
      hide: (id) => modalOf(id).hide(),
      toggle: (id) => modalOf(id).toggle(),
    },
  };
  window.shopify = new Proxy(known, {
    get: (target, property) =>
      typeof property === 'symbol' || property in target || property === 'then'
        ? target[property]
        : notThere(property),
  });

  // --- start ------------------------------------------------------------------------------------------------
  function watch() {
    if (reload !== null) return;
    tellLocation();
    tellMenu();
    tellTitleBar();
    if (openSaveBar) tellSaveBar();
  }
  tell({ type: 'hello' });
  watch();
  addEventListener('DOMContentLoaded', watch);
  new MutationObserver(watch).observe(document.documentElement, {
    childList: true,
    subtree: true,
    attributes: true,
    attributeFilter: ['href', 'title', 'disabled', 'loading', 'variant'],
  });
})();
