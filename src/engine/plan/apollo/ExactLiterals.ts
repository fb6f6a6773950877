import { visit } from 'graphql';
import type { ArgumentNode, DocumentNode } from 'graphql';

import { holdsUnsafeInteger } from '../../operation/literals.js';
import type { FetchNode } from '../nodes.js';
import type { WritesFetches } from './FetchWriter.js';
import { rewriteFields } from './rewriteFields.js';

/** What Apollo's planner adds to a response name that two types of a union would use for different things. */
const PLANNER_SUFFIX = /__alias_\d+$/;

/**
 * Planner guard `literals`: Apollo's planner reads literals into JavaScript values and prints those, so integers beyond 2^53 lose digits.
 * Arguments that hold one are written as the client wrote them. A field with arguments has a response name of its own (see Operation.ts),
 * by which it is found again.
 */
export class ExactLiterals implements WritesFetches {
  readonly #writer: WritesFetches;
  readonly #arguments: ReadonlyMap<string, readonly ArgumentNode[]>;

  /** The writer itself for the great majority of operations. */
  static around(writer: WritesFetches, document: DocumentNode): WritesFetches {
    const found = new Map<string, readonly ArgumentNode[]>();
    visit(document, {
      Field: ({ alias, arguments: given }) => {
        if (alias !== undefined && given?.some(({ value }) => holdsUnsafeInteger(value)) === true)
          found.set(alias.value, given);
      },
    });
    return found.size === 0 ? writer : new ExactLiterals(writer, found);
  }

  private constructor(writer: WritesFetches, given: ReadonlyMap<string, readonly ArgumentNode[]>) {
    this.#writer = writer;
    this.#arguments = given;
  }

  write(fetch: FetchNode): FetchNode[] {
    return this.#writer.write({ ...fetch, operation: this.#exactText(fetch.operation) });
  }

  #exactText(text: string): string {
    return rewriteFields(text, (field) => {
      const given = this.#arguments.get((field.alias ?? field.name).value.replace(PLANNER_SUFFIX, ''));
      return given && { ...field, arguments: given };
    });
  }
}
