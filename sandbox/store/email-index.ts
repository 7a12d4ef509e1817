/** Who has an address: the base's word, and over it what has been put since. */
import type { StoreBase } from './base-records.ts';
import type { Id } from './model.ts';

export interface EmailsCopy {
  emails: [Id, string | null][];
  byEmail: [string, Id][];
}

export class EmailIndex {
  #base: StoreBase | undefined;
  /** Of customers that are not as the base has them; null: without an address. */
  #emails = new Map<Id, string | null>();
  #byEmail = new Map<string, Id>();

  lay(base: StoreBase): void {
    this.#base = base;
  }

  /** Trimmed, case ignored. The customer may be gone. */
  idOf(text: string): Id | undefined {
    const email = normalEmail(text);
    const id = this.#byEmail.get(email);
    if (id !== undefined) return id;
    const index = this.#base?.customerByEmail(email) ?? -1;
    if (!this.#base || index === -1) return undefined;
    const ofBase = this.#base.customers.idAt(index);
    const changed = this.#emails.get(ofBase);
    return changed === undefined || changed === email ? ofBase : undefined;
  }

  /** null: without an address. What the base says is not said again. */
  set(id: Id, text: string | null): void {
    const email = text === null ? null : normalEmail(text);
    this.#leave(id, email);
    const index = this.#base?.customers.indexOf(id) ?? -1;
    const asBase = email !== null && index !== -1 && this.#base?.customerByEmail(email) === index;
    if (asBase) this.#emails.delete(id);
    else this.#emails.set(id, email);
    if (email === null) return;
    if (asBase) this.#byEmail.delete(email);
    else this.#byEmail.set(email, id);
  }

  /** The customer is gone. */
  delete(id: Id): void {
    this.#leave(id, undefined);
    this.#emails.delete(id);
  }

  copy(): EmailsCopy {
    return { emails: [...this.#emails], byEmail: [...this.#byEmail] };
  }

  restore(copy: EmailsCopy, base: StoreBase | undefined): void {
    this.#base = base;
    this.#emails = new Map(copy.emails);
    this.#byEmail = new Map(copy.byEmail);
  }

  /** Another address is free again when it is this customer's. */
  #leave(id: Id, email: string | null | undefined): void {
    const before = this.#emails.get(id);
    if (typeof before === 'string' && before !== email && this.#byEmail.get(before) === id) {
      this.#byEmail.delete(before);
    }
  }
}

export function normalEmail(email: string): string {
  return email.trim().toLowerCase();
}
