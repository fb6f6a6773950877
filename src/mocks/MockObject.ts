import type { Family } from './MockGraph.js';

/** A thing that mocks answer with; nothing is known of it but who it is. */
export interface MockObject {
  /** What the asked subgraph calls its type. */
  readonly local: string;
  /** What it is in the world; differs from `local` for interface objects. */
  readonly member: string;
  /** The same for the same thing in all subgraphs. */
  readonly identity: string;
  /** Absent for what has no key. */
  readonly entity: EntityName | undefined;
  /** Field values that somebody has said: a partial mock, an echo of arguments. */
  readonly given: object | undefined;
  /** What the gateway sent with it: its representation. */
  readonly inputs: Readonly<Record<string, unknown>> | undefined;
  /** Of lists in it, as `first` was said one level above (connections). */
  readonly listLength: number | undefined;
}

export interface EntityName {
  readonly family: Family;
  /** From 1. */
  readonly ordinal: number;
}

const marks = new WeakSet<object>();

/** Makes one. */
export function mockObject(
  fields: Partial<MockObject> & Pick<MockObject, 'local' | 'member' | 'identity'>,
): MockObject {
  const object = { entity: undefined, given: undefined, inputs: undefined, listLength: undefined, ...fields };
  marks.add(object);
  return object;
}

export function isMockObject(value: unknown): value is MockObject {
  return typeof value === 'object' && value !== null && marks.has(value);
}

export function entityIdentity({ family, ordinal }: EntityName): string {
  return `${family.name}/${ordinal}`;
}

/** What somebody's object says about a field; `undefined` when nothing. What every object inherits does not count. */
export function saidOf(given: object | undefined, field: string): unknown {
  if (given === undefined || !(field in given)) return undefined;
  const value = (given as Record<string, unknown>)[field];
  const inherited = !Object.hasOwn(given, field) && field in Object.prototype;
  return inherited && value === (Object.prototype as unknown as Record<string, unknown>)[field] ? undefined : value;
}
