import {
  GraphQLNonNull,
  getNamedType,
  isAbstractType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import type {
  GraphQLCompositeType,
  GraphQLInterfaceType,
  GraphQLObjectType,
  GraphQLOutputType,
  GraphQLSchema,
} from 'graphql';
import type { GraphQLError } from 'graphql';

import { jsonString } from '../../base/kit/jsonString.js';
import type { Run } from '../execute/Run.js';
import type { Condition, FieldSelection, Operation, Selection } from '../operation/Operation.js';

import { AnswerData } from './AnswerData.js';
import { leafWriter } from './leafWriters.js';
import { ProjectionState } from './ProjectionState.js';
import { AbstractWriter, ListWriter, ObjectWriter } from './writers.js';
import type { FieldWriter, Writer } from './writers.js';

/** What became of a run. */
export class Projected {
  readonly data: AnswerData;
  readonly errors: GraphQLError[];
  /** Errors that were not written, because there were too many. */
  readonly droppedErrors: number;

  constructor(data: AnswerData, errors: GraphQLError[], droppedErrors: number) {
    this.data = data;
    this.errors = errors;
    this.droppedErrors = droppedErrors;
  }

  /** The value of `data` as JSON text, `null` included. */
  get text(): string {
    return this.data.text;
  }
}

const HEAD = Buffer.from('{"data":');
const NULL = Buffer.from('null');
const TAIL = Buffer.from('}\n');

/** Turns the merged tree of a run into the client's answer. Errors: ANSWER_TOO_LARGE. */
export type Project = (run: Run, introspection: Readonly<Record<string, unknown>> | undefined) => Projected;

/**
 * Compiles an operation into a projector: the client's names and order, null propagation, leaf checks, error paths, straight to
 * JSON text.
 *
 * @param includes decides `@skip` and `@include` once and for all: a projector belongs to one combination of their variables
 */
export function compileProjection(
  operation: Operation,
  schema: GraphQLSchema,
  includes: (condition: Condition) => boolean,
): Project {
  const root = schema.getType(operation.rootType) as GraphQLObjectType;
  const compiler = new ProjectionCompiler(schema, includes);
  const isRefused = compiler.refusesAll(root, operation.selections);
  const writer = compiler.objectWriter(root, [operation.selections], true);
  return (run, introspection) => {
    const state = new ProjectionState(run, introspection);
    const { out } = state;
    out.raw(HEAD);
    const start = out.position;
    if (isRefused || !writer.write(run.root, state)) {
      out.position = start;
      out.raw(NULL);
    }
    out.raw(TAIL);
    const data = new AnswerData(out.finish());
    if (state.isFaulty) state.reportLeftovers();
    return new Projected(data, state.errors, state.errorCount - state.errors.length);
  };
}

/** All selections of one response name, in one object type. */
interface Collected {
  first: FieldSelection;
  readonly keys: string[];
  readonly selections: Array<readonly Selection[]>;
}

class ProjectionCompiler {
  readonly #schema: GraphQLSchema;
  readonly #includes: (condition: Condition) => boolean;
  #slots = 0;

  constructor(schema: GraphQLSchema, includes: (condition: Condition) => boolean) {
    this.#schema = schema;
    this.#includes = includes;
  }

  /** @param type an object type, or an interface for answers that do not say their type */
  objectWriter(
    type: GraphQLObjectType | GraphQLInterfaceType,
    lists: ReadonlyArray<readonly Selection[]>,
    isRoot = false,
  ): ObjectWriter {
    const collected = new Map<string, Collected>();
    for (const list of lists) this.#collect(list, type, collected);
    const writer = new ObjectWriter(isObjectType(type) && !isRoot ? type.name : undefined, this.#slots++);
    writer.setFields([...collected.values()].map((each, i) => this.#fieldWriter(type, each, i === 0)));
    return writer;
  }

  /** Whether the caller may have nothing of what is selected at the root: then there is no data, not even an object of nulls. */
  refusesAll(root: GraphQLObjectType, selections: readonly Selection[]): boolean {
    const collected = new Map<string, Collected>();
    this.#collect(selections, root, collected);
    return collected.size > 0 && [...collected.values()].every(({ first }) => first.isRefused);
  }

  /**
   * CollectFields of the specification (6.3.2), for a type that is known. What is allowed in one of its selections (an object type's) and
   * refused in another (the interface's) is allowed.
   */
  #collect(
    selections: readonly Selection[],
    type: GraphQLObjectType | GraphQLInterfaceType,
    into: Map<string, Collected>,
  ): void {
    for (const selection of selections) {
      if (selection.condition !== undefined && !this.#includes(selection.condition)) continue;
      if (selection.kind === 'fragment') {
        if (selection.typeCondition === undefined || this.#satisfies(type, selection.typeCondition))
          this.#collect(selection.selections, type, into);
        continue;
      }
      let found = into.get(selection.clientName);
      if (found === undefined) into.set(selection.clientName, (found = { first: selection, keys: [], selections: [] }));
      if (!selection.isRefused) {
        if (found.first.isRefused) found.first = selection;
        if (!found.keys.includes(selection.key)) found.keys.push(selection.key);
      }
      if (selection.selections !== undefined) found.selections.push(selection.selections);
    }
  }

  #satisfies(type: GraphQLObjectType | GraphQLInterfaceType, condition: string): boolean {
    if (type.name === condition) return true;
    const abstract = this.#schema.getType(condition);
    return isAbstractType(abstract) && this.#schema.isSubType(abstract, type);
  }

  #fieldWriter(
    type: GraphQLObjectType | GraphQLInterfaceType,
    { first, keys, selections }: Collected,
    isFirst: boolean,
  ): FieldWriter {
    const { name, clientName } = first;
    // The object's own field may promise more than the interface's: its nullability counts.
    const declared = type.getFields()[name]?.type ?? first.type;
    const isNonNull = isNonNullType(declared);
    const coordinate = `${type.name}.${name}`;
    return {
      clientName,
      head: Buffer.from(`${isFirst ? '{' : ','}${jsonString(clientName)}:`),
      // No fetch gives the empty name: what is refused is never read, although a key or an input may have fetched it.
      key: keys[0] ?? '',
      moreKeys: keys.length > 1 ? keys.slice(1) : undefined,
      coordinate,
      isNonNull,
      fixed: first.isRefused && !isNonNull ? NULL : fixedText(type, name),
      isRefused: first.isRefused,
      isIntrospection: name === '__schema' || name === '__type',
      isUnnamed: this.#isUnnamed(type, name),
      writer: this.#writer(declared, selections, coordinate),
    };
  }

  /** Whether it is `__typename` of an object that says no more than the interface's name, which is the type of no object. */
  #isUnnamed(type: GraphQLObjectType | GraphQLInterfaceType, field: string): boolean {
    return field === '__typename' && isInterfaceType(type) && this.#schema.getPossibleTypes(type).length > 0;
  }

  #writer(type: GraphQLOutputType, selections: ReadonlyArray<readonly Selection[]>, coordinate: string): Writer {
    const nullable = isNonNullType(type) ? type.ofType : type;
    if (isListType(nullable)) {
      const item = nullable.ofType as GraphQLOutputType;
      return new ListWriter(this.#writer(item, selections, coordinate), item instanceof GraphQLNonNull, coordinate);
    }
    const named = getNamedType(nullable);
    return isLeafType(named) ? leafWriter(named) : this.#compositeWriter(named, selections);
  }

  #compositeWriter(type: GraphQLCompositeType, selections: ReadonlyArray<readonly Selection[]>): Writer {
    if (isObjectType(type)) return this.objectWriter(type, selections);
    return new AbstractWriter(type.name, (typename) => {
      // Only the interface's own fields are asked when the answer does not say its type, or says the interface's name (interface objects).
      if (typename === undefined || typename === type.name)
        return isInterfaceType(type) ? this.objectWriter(type, selections) : undefined;
      const concrete = this.#schema.getType(typename);
      if (!isObjectType(concrete) || !this.#schema.isSubType(type, concrete)) return undefined;
      return this.objectWriter(concrete, selections);
    });
  }
}

function fixedText(type: GraphQLObjectType | GraphQLInterfaceType, field: string): Uint8Array | undefined {
  return field === '__typename' && isObjectType(type) ? Buffer.from(`"${type.name}"`) : undefined;
}
