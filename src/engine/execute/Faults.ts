import type { ErrorCode } from '../../base/errors/codes.js';

/** What the client learns of a failure. */
export interface FaultTelling {
  /** How often it was reported; written by the projector. */
  count: number;
  /** Something stands in for what it concerned, so nobody needs to be told. */
  isAbsorbed: boolean;
}

/** Of a failure that nobody knows of yet. */
export const untold = (): FaultTelling => ({ count: 0, isAbsorbed: false });

/**
 * Something that went wrong behind a place of the tree. The projector turns it into errors at the client's paths.
 *
 * - `exact`: the subgraph named this very place (cleared when the place does not exist): one error for each client path that selected it, null or not.
 * - otherwise it explains nulls (a call failed, an entity could not be asked): one error, at the first null it explains.
 */
export interface Fault {
  exact: boolean;
  readonly code: ErrorCode;
  /** What the client reads. */
  readonly message: string;
  /** Allow-listed extensions, `code` included. */
  readonly extensions: Readonly<Record<string, unknown>>;
  /** Everything, for the log. */
  readonly cause: unknown;
  /** Steps of the subgraph's path beyond the place, which is null: internal names and indices. */
  rest?: ReadonlyArray<string | number>;
  /** Shared with the faults that only follow from it: whoever is told of one has been told of all. */
  readonly telling: FaultTelling;
  /** The subgraph refused whoever asks: nothing stands in for that. */
  readonly isRefusal?: true | undefined;
}

/** Key of a fault that belongs to a list element: the index as text, under the array. */
export type FaultKey = string;

const NONE: readonly Fault[] = [];

type Places = Map<object, Map<FaultKey, readonly Fault[]>>;

/** The faults of one request, by place: (object or list of the tree, key). Empty, and then free, in the normal case. */
export class Faults {
  readonly all: Fault[] = [];
  /** Errors that subgraphs sent beyond what is kept. */
  dropped = 0;
  #places: Places | undefined;
  #absorbed: Places | undefined;

  get isEmpty(): boolean {
    return this.all.length === 0;
  }

  /** Notes a fault without a place (yet). */
  add(fault: Fault): void {
    this.all.push(fault);
  }

  /** Ties a noted fault to a place. */
  place(fault: Fault, owner: object, key: FaultKey): void {
    this.placeAll([fault], owner, key);
  }

  /**
   * Ties noted faults to a place. The list is kept as it is where the place has none yet: a hundred faults that explain ten thousand
   * objects are one list and not a million entries.
   */
  placeAll(faults: readonly Fault[], owner: object, key: FaultKey): void {
    const keys = keysOf((this.#places ??= new Map()), owner);
    const known = keys.get(key);
    if (known === undefined) keys.set(key, faults);
    else if (known !== faults) keys.set(key, [...new Set([...known, ...faults])]);
  }

  /** Ties to `owner` what is known of `part`, which stands for the same thing. */
  adopt(owner: object, part: object): void {
    for (const [key, faults] of this.#places?.get(part) ?? []) this.placeAll(faults, owner, key);
  }

  at(owner: object, key: FaultKey): readonly Fault[] | undefined {
    return this.#places?.get(owner)?.get(key);
  }

  /** All that is known to be wrong at places of one object. */
  of(owner: object): readonly Fault[] {
    const keys = this.#places?.get(owner);
    return keys === undefined ? NONE : [...keys.values()].flat();
  }

  has(owner: object): boolean {
    return this.#places?.has(owner) === true;
  }

  /** Something stands in for what is wrong at a place: its faults are taken off it. */
  absorb(owner: object, key: FaultKey): void {
    const faults = this.at(owner, key);
    if (faults === undefined) return;
    this.#places!.get(owner)!.delete(key);
    for (const fault of faults) fault.telling.isAbsorbed = true;
    keysOf((this.#absorbed ??= new Map()), owner).set(key, faults);
  }

  /** What was wrong at a place, whether or not something stands in for it now. */
  everAt(owner: object, key: FaultKey): readonly Fault[] | undefined {
    return this.at(owner, key) ?? this.#absorbed?.get(owner)?.get(key);
  }

  everHad(owner: object): boolean {
    return this.has(owner) || this.#absorbed?.has(owner) === true;
  }
}

function keysOf(places: Places, owner: object): Map<FaultKey, readonly Fault[]> {
  let keys = places.get(owner);
  if (keys === undefined) places.set(owner, (keys = new Map()));
  return keys;
}
