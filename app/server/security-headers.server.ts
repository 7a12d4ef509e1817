/** Headers of every answer. Which pages may frame us is Shopify's library's word; the sandbox is added to it. */
import type { RequestHandler } from 'express';

export function securityHeaders(options: { production: boolean }): RequestHandler {
  return (_request, response, next) => {
    response.setHeader('x-content-type-options', 'nosniff');
    response.setHeader('referrer-policy', 'strict-origin-when-cross-origin');
    response.setHeader('permissions-policy', 'camera=(), geolocation=(), microphone=()');
    if (options.production) {
      response.setHeader('strict-transport-security', 'max-age=31536000; includeSubDomains');
    }
    next();
  };
}

/**
 * Against the sandbox its admin must be allowed to frame us, on every answer: the bounce page of a token
 * exchange is thrown by a loader and never passes entry.server. The same answers ask the browser to preload
 * App Bridge from Shopify, which the sandbox's stand-in replaces.
 */
export function allowSandboxFrame(sandboxUrl: string): RequestHandler {
  const { origin } = new URL(sandboxUrl);
  return (_request, response, next) => {
    const writeHead = response.writeHead.bind(response) as (...args: unknown[]) => typeof response;
    response.writeHead = ((...args: unknown[]) => {
      const policy = response.getHeader('content-security-policy');
      if (typeof policy === 'string') {
        response.setHeader('content-security-policy', withFrameAncestor(policy, origin));
      }
      const link = response.getHeader('link');
      if (link !== undefined) {
        const kept = withoutShopifyPreload([link].flat().map(String).join(', '));
        if (kept === '') response.removeHeader('link');
        else response.setHeader('link', kept);
      }
      return writeHead(...args);
    }) as typeof response.writeHead;
    next();
  };
}

export function withFrameAncestor(policy: string, origin: string): string {
  return policy
    .split(';')
    .map((directive) => {
      const [name, ...sources] = directive.trim().split(/\s+/);
      if (name?.toLowerCase() !== 'frame-ancestors' || sources.includes(origin)) return directive;
      const others = sources.filter((source) => source.toLowerCase() !== `'none'`);
      return [name, ...others, origin].join(' ');
    })
    .join(';');
}

/** Link values are parted by commas outside of <...>. */
export function withoutShopifyPreload(link: string): string {
  return link
    .split(/,\s*(?=<)/)
    .filter((value) => !value.startsWith('<https://cdn.shopify.com/'))
    .join(', ');
}
