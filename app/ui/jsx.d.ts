/** What App Bridge adds to the page: its navigation element, whose links the admin shows in its own menu, its save bar, and its object. */
import type { DetailedHTMLProps, HTMLAttributes } from 'react';

type BridgeElement = DetailedHTMLProps<HTMLAttributes<HTMLElement>, HTMLElement>;

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'ui-nav-menu': BridgeElement;
      'ui-save-bar': BridgeElement;
    }
  }
  // The name of the parameter is React's.
  // eslint-disable-next-line @typescript-eslint/no-unused-vars
  interface ButtonHTMLAttributes<T> {
    /** Of a button in a save bar. */
    variant?: 'primary' | undefined;
  }
}

declare global {
  interface Window {
    /** App Bridge; absent outside the admin. */
    shopify?: {
      loading?(on: boolean): void;
      saveBar?: { show(id: string): Promise<void>; hide(id: string): Promise<void> };
      resourcePicker?(options: {
        type: 'product' | 'variant' | 'collection';
        action?: 'add' | 'select';
        multiple?: boolean | number;
        selectionIds?: readonly { id: string }[];
      }): Promise<readonly { id: string; title: string; displayName?: string }[] | undefined>;
    };
  }
}
