import { Kind, getArgumentValues, isInterfaceType, isObjectType } from 'graphql';
import type { FieldNode, GraphQLSchema } from 'graphql';

import type { FieldSelection, Operation, Selection } from '../../engine/operation/Operation.js';
import type { VariableValues } from '../../engine/operation/variables.js';

import type { Access, Term } from './Access.js';

/** A term of one operation; policies are asked with the arguments of the field where it stands. */
export interface BoundTerm {
  readonly term: Term;
  /** Absent where the term has no field to take arguments from. */
  readonly argumentsWith: ((variables: VariableValues) => Readonly<Record<string, unknown>>) | undefined;
}

/** What an operation demands: distinct terms, and gates that need some of them. A field stands behind one gate, or is free. */
export interface Gates {
  readonly terms: readonly BoundTerm[];
  /** Per gate the indices of its terms: all must hold. */
  readonly gates: ReadonlyArray<readonly number[]>;
  /** The gate of a field selection, by `gateKey`. */
  readonly gateOf: ReadonlyMap<string, number>;
}

/** What a selection is known by: its place in the schema and its canonical name, which stands for its arguments. */
export function gateKey(parentType: string, key: string): string {
  return `${parentType}.${key}`;
}

/**
 * Compiles what an operation demands; undefined when it demands nothing, and then its requests pay nothing.
 *
 * Equal demands are one term and equal sets of them one gate, so that the outcomes for one document are few.
 */
export function compileGates(operation: Operation, access: Access, schema: GraphQLSchema): Gates | undefined {
  const compiler = new GateCompiler(access, schema);
  compiler.walk(operation.selections);
  return compiler.gateOf.size === 0 ? undefined : compiler;
}

class GateCompiler implements Gates {
  readonly terms: BoundTerm[] = [];
  readonly gates: Array<readonly number[]> = [];
  readonly gateOf = new Map<string, number>();
  readonly #access: Access;
  readonly #schema: GraphQLSchema;
  readonly #termIndices = new Map<Term, Map<string, number>>();
  readonly #gateIndices = new Map<string, number>();

  constructor(access: Access, schema: GraphQLSchema) {
    this.#access = access;
    this.#schema = schema;
  }

  walk(selections: readonly Selection[]): void {
    for (const selection of selections) {
      if (selection.kind === 'field') this.#field(selection);
      if (selection.selections !== undefined) this.walk(selection.selections);
    }
  }

  #field(selection: FieldSelection): void {
    const { parentType, name, key } = selection;
    if (name.startsWith('__')) return;
    const place = gateKey(parentType, key);
    if (this.gateOf.has(place)) return;
    const terms = this.#access.termsOf(parentType, name);
    if (terms.length === 0) return;
    const indices = terms.map((term) => this.#termIndex(term, place, selection)).sort((a, b) => a - b);
    const identity = indices.join();
    let gate = this.#gateIndices.get(identity);
    if (gate === undefined) {
      gate = this.gates.push(indices) - 1;
      this.#gateIndices.set(identity, gate);
    }
    this.gateOf.set(place, gate);
  }

  #termIndex(term: Term, place: string, selection: FieldSelection): number {
    // The arguments of each occurrence are its own.
    const occurrence = term.field === undefined ? '' : place;
    let indices = this.#termIndices.get(term);
    if (indices === undefined) this.#termIndices.set(term, (indices = new Map<string, number>()));
    let index = indices.get(occurrence);
    if (index === undefined) {
      const argumentsWith = term.field === undefined ? undefined : this.#argumentsOf(term.field, selection);
      index = this.terms.push({ term, argumentsWith }) - 1;
      indices.set(occurrence, index);
    }
    return index;
  }

  #argumentsOf(coordinate: string, { name, arguments: given }: FieldSelection): BoundTerm['argumentsWith'] {
    const type = this.#schema.getType(coordinate.slice(0, coordinate.indexOf('.')));
    const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[name] : undefined;
    if (field === undefined) return undefined;
    const node: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: name }, arguments: given ?? [] };
    return (variables) => getArgumentValues(field, node, variables);
  }
}
