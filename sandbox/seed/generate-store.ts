import type { Store } from '../store/store.ts';

export function generateStore(store: Store, options: { customers: number; seed: number }): void {
  void store;
  void options;
}
