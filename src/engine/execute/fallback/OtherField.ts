import { Kind, print, visit } from 'graphql';
import type { FieldNode, GraphQLSchema } from 'graphql';
import { getNamedType } from 'graphql';

import { jsonString } from '../../../base/kit/jsonString.js';
import { isJsonObject } from '../../../base/kit/isJsonObject.js';
import type { TypeOwners } from '../../../supergraph/model/Supergraph.js';
import type { SubgraphClient, SubgraphOperation, SubgraphReply } from '../../../upstream/SubgraphClient.js';
import { callSubgraph } from '../callSubgraph.js';
import { compileCallVariables } from '../callVariables.js';
import type { WriteVariables } from '../callVariables.js';
import { subgraphOperation } from '../entityText.js';
import type { ParsedFetch } from '../entityText.js';
import type { JsonObject } from '../json.js';
import type { Run } from '../Run.js';

export interface OtherFieldSetting {
  readonly schema: GraphQLSchema;
  readonly owners: ReadonlyMap<string, TypeOwners>;
  clientOf(subgraph: string): SubgraphClient;
}

/** Where a key of an object is read, and what it is called in the representation. */
type KeyPart = readonly [name: string, read: string];

/**
 * Asks another field in the place of one that failed: one request for all objects of one failed fetch, only when it has failed.
 *
 * The field's own subgraph is asked directly, by a key that the objects hold already. Where there is none, or the selection below the
 * field needs more than one subgraph, it cannot be asked and something else must stand in.
 */
export class OtherField {
  readonly #client: SubgraphClient;
  readonly #operation: SubgraphOperation;
  readonly #writeVariables: WriteVariables;
  readonly #field: string;
  /** Undefined for a root field. */
  readonly #key: readonly KeyPart[] | undefined;
  readonly #type: string;

  private constructor(
    client: SubgraphClient,
    operation: SubgraphOperation,
    writeVariables: WriteVariables,
    field: string,
    type: string,
    key: readonly KeyPart[] | undefined,
  ) {
    this.#client = client;
    this.#operation = operation;
    this.#writeVariables = writeVariables;
    this.#field = field;
    this.#type = type;
    this.#key = key;
  }

  /**
   * @param readable where the objects hold leaf fields, by name
   * @param failed the subgraph whose answer is missing: asked last
   */
  static compile(
    type: string,
    field: string,
    node: FieldNode,
    parsed: ParsedFetch,
    readable: ReadonlyMap<string, string>,
    failed: string,
    setting: OtherFieldSetting,
  ): OtherField | undefined {
    const owners = setting.owners.get(type);
    const subgraphs = (owners?.fields[field] ?? []).toSorted((a, b) => Number(a === failed) - Number(b === failed));
    const isRoot = setting.schema.getQueryType()?.name === type;
    for (const subgraph of subgraphs) {
      const key = isRoot ? undefined : keyFor(owners!, subgraph, readable);
      if ((!isRoot && key === undefined) || !isWithin(node, type, subgraph, setting)) continue;
      const used = variablesOf(node);
      const declared = (parsed.definition.variableDefinitions ?? []).filter(({ variable }) =>
        used.has(variable.name.value),
      );
      const selection = node.selectionSet === undefined ? '' : ` ${print(node.selectionSet).replaceAll(/\s+/g, ' ')}`;
      const variables = [...(isRoot ? [] : ['$representations: [_Any!]!']), ...declared.map((each) => print(each))];
      const head = variables.length === 0 ? 'query' : `query(${variables.join(', ')})`;
      const text = isRoot
        ? `${head} { ${field}${selection} }`
        : `${head} { _entities(representations: $representations) { ... on ${type} { ${field}${selection} } } }`;
      const operation = subgraphOperation('query', undefined, text);
      return new OtherField(setting.clientOf(subgraph), operation, compileCallVariables([...used]), field, type, key);
    }
    return undefined;
  }

  /** The other field's value for each object; undefined where there is none. Never rejects: what goes wrong is noted for the log. */
  async ask(run: Run, objects: readonly JsonObject[]): Promise<readonly unknown[]> {
    const nothing: readonly unknown[] = objects.map(() => undefined);
    const texts = objects.map((object) => this.#represent(object));
    const asked = [...new Set(texts.filter((text) => text !== undefined))];
    if (asked.length === 0) return nothing;
    const extra = this.#key === undefined ? undefined : `"representations":[${asked.join(',')}]`;
    const variables = this.#writeVariables(run.input.variables, extra);
    let answered = nothing;
    const take = ({ data, status }: SubgraphReply): void => {
      if (!isJsonObject(data) || status < 200 || status > 299) return;
      if (this.#key === undefined) {
        answered = objects.map(() => this.#valueIn(data));
        return;
      }
      const list = data['_entities'];
      if (!Array.isArray(list) || list.length !== asked.length) return;
      const values = new Map(asked.map((text, i) => [text, this.#valueIn(list[i])]));
      answered = texts.map((text) => (text === undefined ? undefined : values.get(text)));
    };
    const fail = (error: unknown): void => void run.suppressed.push(error);
    await callSubgraph(run, { client: this.#client }, this.#operation, variables, take, fail);
    return answered;
  }

  #valueIn(object: unknown): unknown {
    if (!isJsonObject(object) || !Object.hasOwn(object, this.#field)) return undefined;
    // Each place gets its own: later fetches write into it.
    return structuredClone(object[this.#field]) ?? undefined;
  }

  #represent(object: JsonObject): string | undefined {
    if (this.#key === undefined) return '';
    let text = `{"__typename":${jsonString(this.#type)}`;
    for (const [name, read] of this.#key) {
      const value = object[read];
      if (typeof value === 'string') text += `,${jsonString(name)}:${jsonString(value)}`;
      else if (typeof value === 'number' || typeof value === 'bigint') text += `,${jsonString(name)}:${String(value)}`;
      else return undefined;
    }
    return `${text}}`;
  }
}

/** The first key of the subgraph whose fields the objects hold; keys of objects are not tried. */
function keyFor(
  { keys }: TypeOwners,
  subgraph: string,
  readable: ReadonlyMap<string, string>,
): readonly KeyPart[] | undefined {
  for (const [owner, key] of keys) {
    if (owner !== subgraph || key.includes('{')) continue;
    const names = key.split(/[\s,]+/).filter((name) => name !== '');
    if (names.length > 0 && names.every((name) => readable.has(name)))
      return names.map((name) => [name, readable.get(name)!]);
  }
  return undefined;
}

/** Whether one subgraph knows everything that is selected below the field. */
function isWithin(node: FieldNode, type: string, subgraph: string, { schema, owners }: OtherFieldSetting): boolean {
  if (node.selectionSet === undefined) return true;
  let isKnown = true;
  const check = (each: FieldNode, parent: string): void => {
    const declared = schema.getType(parent);
    if (declared === undefined || !('getFields' in declared)) return void (isKnown = false);
    const field = declared.getFields()[each.name.value];
    if (field === undefined) return void (isKnown = false);
    const named = getNamedType(field.type).name;
    for (const child of each.selectionSet?.selections ?? []) {
      if (child.kind !== Kind.FIELD) isKnown = false;
      else if (child.name.value !== '__typename') {
        if (owners.get(named)?.fields[child.name.value]?.includes(subgraph) !== true) isKnown = false;
        else check(child, named);
      }
    }
  };
  check(node, type);
  return isKnown;
}

function variablesOf(node: FieldNode): ReadonlySet<string> {
  const names = new Set<string>();
  if (node.selectionSet !== undefined) visit(node.selectionSet, { Variable: ({ name }) => void names.add(name.value) });
  return names;
}
