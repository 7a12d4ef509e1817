/**
 * A small seeded generator (xmur3 into sfc32): the same seed gives the same numbers on every machine. `at` turns it
 * to a stream of its own for one record, so that a record can be drawn without those before it.
 */
export class Random {
  #a = 0;
  #b = 0;
  #c = 0;
  #d = 0;
  readonly #seed: readonly [number, number];

  constructor(seed: string) {
    let hash = 1779033703 ^ seed.length;
    for (let index = 0; index < seed.length; index += 1) {
      hash = Math.imul(hash ^ seed.charCodeAt(index), 3432918353);
      hash = (hash << 13) | (hash >>> 19);
    }
    const next = () => {
      hash = Math.imul(hash ^ (hash >>> 16), 2246822507);
      hash = Math.imul(hash ^ (hash >>> 13), 3266489909);
      hash ^= hash >>> 16;
      return hash | 0;
    };
    const [a, b] = [next(), next()];
    this.#seed = [a, b];
    this.#begin(a, b, next(), next());
  }

  /** From here on the numbers are those of one record of one kind: equal wherever they are asked for. */
  at(stream: number, index: number): this {
    this.#begin(this.#seed[0], this.#seed[1] ^ Math.imul(stream + 1, 2654435761), index, 1);
    return this;
  }

  #begin(a: number, b: number, c: number, d: number): void {
    this.#a = a;
    this.#b = b;
    this.#c = c;
    this.#d = d;
    for (let count = 0; count < 12; count += 1) this.next();
  }

  /** In [0, 1). */
  next(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#d) | 0;
    this.#d = (this.#d + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (this.#c << 21) | (this.#c >>> 11);
    this.#c = (this.#c + sum) | 0;
    return (sum >>> 0) / 4294967296;
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** A whole number from `least` to `most`, both included. */
  integer(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  pick<T>(items: readonly T[]): T {
    return items[Math.floor(this.next() * items.length)] as T;
  }

  /** `weights` add up to anything. */
  pickWeighted<T>(items: readonly (readonly [T, number])[]): T {
    const total = items.reduce((sum, [, weight]) => sum + weight, 0);
    let left = this.next() * total;
    for (const [item, weight] of items) {
      left -= weight;
      if (left < 0) return item;
    }
    return (items.at(-1) as readonly [T, number])[0];
  }

  /** Mean 1 / rate. */
  exponential(rate: number): number {
    return -Math.log(1 - this.next()) / rate;
  }

  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next());
  }

  logNormal(median: number, spread: number): number {
    return median * Math.exp(spread * this.normal());
  }
}
