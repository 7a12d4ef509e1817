/** What App Bridge adds to the page: its navigation element, whose links the admin shows in its own menu, and its object. */
import type { DetailedHTMLProps, HTMLAttributes } from 'react';

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'ui-nav-menu': DetailedHTMLProps<HTMLAttributes<HTMLElement>, HTMLElement>;
    }
  }
}

declare global {
  interface Window {
    /** App Bridge; absent outside the admin. */
    shopify?: { loading?(on: boolean): void };
  }
}
