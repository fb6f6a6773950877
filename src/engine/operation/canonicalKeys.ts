import { createHash } from 'node:crypto';

import { isInterfaceType, isIntrospectionType, isObjectType } from 'graphql';
import type { GraphQLSchema } from 'graphql';

/** Names that every object inherits: never used to index the merged tree, even when a schema has such a field. */
const inherited: ReadonlySet<string> = new Set(Object.getOwnPropertyNames(Object.prototype));

/** What the schema decides about response names, worked out once per generation. */
export interface SchemaNames {
  /** Every field name of the schema: a canonical key must not equal one. */
  readonly fields: ReadonlySet<string>;
  /** Fields that have one and the same type wherever they occur: safe to ask without an alias in any place. */
  readonly uniform: ReadonlySet<string>;
}

export function readSchemaNames(schema: GraphQLSchema): SchemaNames {
  const typeOf = new Map<string, string>();
  const varying = new Set<string>();
  for (const type of Object.values(schema.getTypeMap())) {
    // Introspection has a `name` and a `type` of its own, which no fetch ever meets.
    if ((!isObjectType(type) && !isInterfaceType(type)) || isIntrospectionType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      const printed = String(field.type);
      const known = typeOf.get(field.name);
      if (known === undefined) typeOf.set(field.name, printed);
      else if (known !== printed) varying.add(field.name);
    }
  }
  const fields = new Set(typeOf.keys());
  return { fields, uniform: new Set([...fields].filter((name) => !varying.has(name))) };
}

/**
 * Gives each field of one operation its key in the merged tree.
 *
 * The same field (of one parent type, unless its type is the same everywhere), arguments and directives always give the same key (also
 * in another operation, so that equal sub-requests of different operations have equal texts); anything else gives another key. One
 * exception: a field whose type is not the same everywhere has two, its name where the client gave no other, and one for aliases.
 */
export class CanonicalKeys {
  readonly #names: SchemaNames;
  readonly #taken = new Map<string, string>();

  constructor(names: SchemaNames) {
    this.#names = names;
  }

  /**
   * @param hasAlias whether the client gave the field another name
   * @param details printed arguments and directives, empty when there are none
   */
  keyOf(parentType: string, field: string, hasAlias: boolean, details: string): string {
    if (details === '' && !inherited.has(field) && (!hasAlias || this.#names.uniform.has(field))) return field;
    // A field that is the same everywhere keeps one key under an interface and its implementations, so that they are fetched once.
    const identity = `${this.#names.uniform.has(field) ? '' : `${parentType}.`}${field}${details}`;
    let salt = '';
    for (;;) {
      const digest = createHash('sha1').update(identity).update(salt).digest('hex').slice(0, 8);
      const key = `_${field}_${digest}`;
      const owner = this.#taken.get(key);
      if (owner === identity) return key;
      if (owner === undefined && !this.#names.fields.has(key)) {
        this.#taken.set(key, identity);
        return key;
      }
      salt += '+';
    }
  }
}
