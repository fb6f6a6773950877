import { Kind } from 'graphql';

import type { FetchNode, RequiredSelection } from '../nodes.js';
import type { GuardedRequires } from './guardRequires.js';
import { rewriteFields } from './rewriteFields.js';
import { splitByInputs } from './splitByInputs.js';

/** Writes a fetch of Apollo's plan as it is sent. */
export interface WritesFetches {
  /** One fetch, or several for the same subgraph. */
  write(fetch: FetchNode): FetchNode[];
}

/**
 * Turns synthetic fields (see guardRequires.ts) back into real ones: in the text `req0_price: price(currency: "USD")`, in the representation
 * `price` read from `req0_price`. A fetch whose representation would need two values under one name becomes several fetches.
 */
export class FetchWriter implements WritesFetches {
  readonly #guarded: GuardedRequires;

  constructor(guarded: GuardedRequires) {
    this.#guarded = guarded;
  }

  write(fetch: FetchNode): FetchNode[] {
    const { synthetics } = this.#guarded;
    if (synthetics.size === 0) return [fetch];
    const readsSynthetics = fetch.requires !== undefined && this.#hasSynthetic(fetch.requires);
    const parts = readsSynthetics ? splitByInputs(fetch, this.#guarded) : [fetch];
    return parts.map((part) => ({
      ...part,
      operation: this.#realText(part.operation),
      requires: readsSynthetics ? part.requires?.map((each) => this.#realInput(each)) : part.requires,
    }));
  }

  #hasSynthetic(selections: readonly RequiredSelection[]): boolean {
    return selections.some(
      (each) =>
        (each.kind === 'Field' && this.#guarded.synthetics.has(each.write)) ||
        (each.selections !== undefined && this.#hasSynthetic(each.selections)),
    );
  }

  #realInput(selection: RequiredSelection): RequiredSelection {
    if (selection.kind === 'Fragment') {
      return { ...selection, selections: selection.selections.map((each) => this.#realInput(each)) };
    }
    return {
      kind: 'Field',
      read: selection.read,
      write: this.#guarded.synthetics.get(selection.write)?.field ?? selection.write,
      selections: selection.selections?.map((each) => this.#realInput(each)),
    };
  }

  #realText(text: string): string {
    return rewriteFields(text, (field) => {
      const synthetic = this.#guarded.synthetics.get(field.name.value);
      return (
        synthetic && {
          ...field,
          alias: field.alias ?? field.name,
          name: { kind: Kind.NAME, value: synthetic.field },
          arguments: synthetic.args,
        }
      );
    });
  }
}
