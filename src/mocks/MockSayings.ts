import { isCompositeType, isInterfaceType, isObjectType } from 'graphql';

import type { Draw } from './Draw.js';
import type { MockGraph } from './MockGraph.js';
import type { MockFunction } from './mockSubgraph.js';
import { saidOf } from './MockObject.js';
import type { MockHint } from './SubgraphFacts.js';

/** What somebody has said about the values of a field. */
export interface Saying {
  readonly value?: unknown;
  /** A function of the field, or of the whole type when `field` says which part counts. */
  readonly make?: { readonly function: MockFunction; readonly field: string | undefined };
  readonly hint?: MockHint;
}

/** All `mocks` and `@mock` of a world, found by type and field. What is said of an interface counts for its implementations. */
export class MockSayings {
  readonly #graph: MockGraph;
  readonly #found = new Map<string, Saying | undefined>();

  /** Throws: an Error for types and fields that are not there. */
  constructor(graph: MockGraph) {
    this.#graph = graph;
    for (const { name, said, schema } of graph.subgraphs) {
      checkNames(`the mocks of subgraph "${name}"`, said.mocks ?? {}, schema);
    }
  }

  /** Of a field of an object type. */
  ofField(member: string, field: string): Saying | undefined {
    const coordinate = `${member}.${field}`;
    if (!this.#found.has(coordinate)) this.#found.set(coordinate, this.#read(member, field));
    return this.#found.get(coordinate);
  }

  /** Of a scalar or an enum. */
  ofLeaf(type: string): Saying | undefined {
    for (const { said, hints } of this.#graph.subgraphs) {
      const mock = said.mocks !== undefined && Object.hasOwn(said.mocks, type) ? said.mocks[type] : undefined;
      if (mock !== undefined) return toSaying(mock);
      const hint = hints.get(type);
      if (hint !== undefined) return { hint };
    }
    return undefined;
  }

  #read(member: string, field: string): Saying | undefined {
    const owners = [member, ...this.#interfacesOf(member)];
    for (const owner of owners) {
      for (const { said } of this.#graph.subgraphs) {
        const mocks = said.mocks !== undefined && Object.hasOwn(said.mocks, owner) ? said.mocks[owner] : undefined;
        if (typeof mocks === 'function') return { make: { function: mocks as MockFunction, field } };
        const mock = typeof mocks === 'object' && mocks !== null ? saidOf(mocks, field) : undefined;
        if (mock !== undefined) return toSaying(mock);
      }
    }
    for (const owner of owners) {
      for (const { hints } of this.#graph.subgraphs) {
        const hint = hints.get(`${owner}.${field}`);
        if (hint !== undefined) return { hint };
      }
    }
    return undefined;
  }

  #interfacesOf(member: string): string[] {
    const names = new Set<string>();
    for (const { schema, interfaceObjects } of this.#graph.subgraphs) {
      const type = schema.getType(member);
      if (isObjectType(type)) for (const { name } of type.getInterfaces()) names.add(name);
      for (const name of interfaceObjects) if (this.#graph.possible(name).includes(member)) names.add(name);
    }
    return [...names];
  }
}

function toSaying(mock: unknown): Saying {
  return typeof mock === 'function' ? { make: { function: mock as MockFunction, field: undefined } } : { value: mock };
}

/** A value that a hint allows; undefined when the hint is about something else. */
export function hintedValue(hint: MockHint, scalar: string, draw: Draw): unknown {
  const { value, oneOf, min, max } = hint;
  if (value !== undefined) return readHintValue(value, scalar);
  if (Array.isArray(oneOf) && oneOf.length > 0) return readHintValue(draw.pick(oneOf), scalar);
  if (typeof min !== 'number' && typeof max !== 'number') return undefined;
  const low = typeof min === 'number' ? min : Math.min(0, max as number);
  const high = typeof max === 'number' ? max : low + 100;
  return scalar === 'Int' ? draw.whole(Math.ceil(low), Math.floor(high)) : draw.decimal(low, high);
}

/** Where `@mock` is defined its values are texts: those of scalars that are not are JSON. */
function readHintValue(value: unknown, scalar: string): unknown {
  if (typeof value !== 'string' || scalar === 'String' || scalar === 'ID') return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}

/** Throws: an Error for a type or field that the schema has not. */
export function checkNames(
  where: string,
  map: Readonly<Record<string, unknown>>,
  schema: MockGraph['subgraphs'][number]['schema'],
): void {
  for (const [typeName, fields] of Object.entries(map)) {
    const type = schema.getType(typeName);
    if (type === undefined) throw new Error(`${where}: there is no type "${typeName}"`);
    if (!isCompositeType(type) || typeof fields !== 'object' || fields === null) continue;
    const known = isObjectType(type) || isInterfaceType(type) ? type.getFields() : {};
    for (const field of Object.keys(fields)) {
      if (field.startsWith('__') || Object.hasOwn(known, field)) continue;
      throw new Error(`${where}: type "${typeName}" has no field "${field}"`);
    }
  }
}
