import type { ErrorCode } from '../../../base/errors/codes.js';

/** What an answer says about a part of it that is not what was asked for. */
export interface Degradation {
  /** `Product.price` */
  readonly coordinate: string;
  /** The code of the error that the client would have got. */
  readonly reason: ErrorCode;
  readonly source: 'value' | 'field' | 'endpoint' | 'stale';
  /** Values that were replaced. */
  count: number;
  /** Age of the oldest last good answer among them; with source `stale` only. */
  ageMs?: number;
}

/** Kinds told of in one answer. */
const MAX_TOLD = 50;

/** What fell back in one execution. Bounded by the fallbacks that are declared, whatever the size of the answer. */
export class Degradations {
  #told: Map<string, Degradation> | undefined;

  get isEmpty(): boolean {
    return this.#told === undefined;
  }

  get all(): readonly Degradation[] {
    return this.#told === undefined ? [] : [...this.#told.values()];
  }

  note(coordinate: string, reason: ErrorCode, source: Degradation['source'], ageMs?: number): void {
    const key = `${coordinate} ${reason} ${source}`;
    const all = (this.#told ??= new Map());
    let known = all.get(key);
    if (known === undefined) {
      if (all.size >= MAX_TOLD) return;
      all.set(key, (known = { coordinate, reason, source, count: 0 }));
    }
    known.count++;
    if (ageMs !== undefined) known.ageMs = Math.max(known.ageMs ?? 0, Math.round(ageMs));
  }
}
