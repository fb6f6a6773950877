import { Kind, print } from 'graphql';
import type { GraphQLSchema, SelectionSetNode } from 'graphql';

import type { StaleStore } from '../../../base/storage/StaleStore.js';
import type { TypeOwners } from '../../../supergraph/model/Supergraph.js';
import type { SubgraphClient } from '../../../upstream/SubgraphClient.js';
import type { FetchNode, FlattenNode } from '../../plan/nodes.js';
import { compileCallVariables } from '../callVariables.js';
import type { WriteVariables } from '../callVariables.js';
import { entitiesField } from '../entityText.js';
import type { ParsedFetch } from '../entityText.js';
import type { JsonObject } from '../json.js';
import type { Represent } from '../representation.js';
import type { Shape } from '../Shape.js';
import type { Step } from '../Step.js';
import { compileCoverage } from './coverage.js';
import type { CoveredField, Coverage } from './coverage.js';
import type { FallbackRule, FallbackTable } from './FallbackRule.js';
import { LastGood } from './LastGood.js';
import { markCovered } from './markCovered.js';
import { OtherField } from './OtherField.js';
import { withRecovery } from './Recovery.js';
import type { RecoveryPlace } from './Recovery.js';

/** What a generation knows of fallbacks. */
export interface FallbackSetting {
  readonly table: FallbackTable;
  readonly schema: GraphQLSchema;
  readonly owners: ReadonlyMap<string, TypeOwners>;
  readonly store: StaleStore;
}

/** What of a fetch falls back, with the selection that it belongs to. */
export interface FetchCover extends RecoveryPlace {
  readonly selection: string;
}

type Target = Pick<RecoveryPlace, 'path' | 'identify'>;

/** Works out, once per plan, which fields of which fetch something can stand in for. */
export class FallbackCompiler {
  readonly #setting: FallbackSetting;
  readonly #clientOf: (subgraph: string) => SubgraphClient;
  readonly #lastGood = new Map<string, LastGood>();

  constructor(setting: FallbackSetting, clientOf: (subgraph: string) => SubgraphClient) {
    this.#setting = setting;
    this.#clientOf = clientOf;
  }

  /** A fetch of root fields; undefined when nothing of it is covered. */
  root(
    fetch: FetchNode,
    path: FlattenNode['path'],
    parsed: ParsedFetch,
    shape: Shape,
    writeVariables: WriteVariables,
    isMutation: boolean,
  ): FetchCover | undefined {
    const type = this.#setting.schema.getQueryType()?.name;
    const coverage = this.#cover(fetch, [parsed.definition.selectionSet], type, parsed);
    if (coverage === undefined) return undefined;
    markCovered(shape, coverage);
    const selection = print(parsed.definition);
    const lastGood = isMutation ? undefined : this.#keeper(fetch.subgraph, selection, coverage, writeVariables);
    return this.#place({ path, identify: () => '' }, fetch, coverage, parsed, selection, lastGood, new Map());
  }

  /** A fetch of entities at one path. */
  entity(
    { node, path }: FlattenNode,
    parsed: ParsedFetch,
    shape: Shape,
    selection: string,
    represent: Represent,
    mayKeep: boolean,
  ): FetchCover | undefined {
    const coverage = this.#cover(node, [entitiesField(parsed).selectionSet!], undefined, parsed);
    if (coverage === undefined) return undefined;
    markCovered(shape, coverage);
    const writeVariables = compileCallVariables(node.variables);
    const lastGood = mayKeep ? this.#keeper(node.subgraph, selection, coverage, writeVariables) : undefined;
    const identify = (object: JsonObject): string | undefined => {
      const text = represent(object);
      return typeof text === 'string' ? text : undefined;
    };
    return this.#place({ path, identify }, node, coverage, parsed, selection, lastGood, readable(node));
  }

  around(step: Step, places: readonly RecoveryPlace[]): Step {
    return places.length === 0 ? step : withRecovery(step, places, this.#setting.schema);
  }

  /** The fields a fetch asks for, as answers name them. */
  coordinates(parsed: ParsedFetch): readonly string[] {
    const found = new Set<string>();
    const collect = (set: SelectionSetNode, type: string | undefined): void => {
      for (const node of set.selections) {
        if (node.kind === Kind.INLINE_FRAGMENT) collect(node.selectionSet, node.typeCondition?.name.value ?? type);
        else if (node.kind === Kind.FIELD && type !== undefined && node.name.value !== '__typename')
          found.add(`${type}.${node.name.value}`);
      }
    };
    const { selectionSet } = parsed.definition;
    const [first] = selectionSet.selections;
    const isEntities = first?.kind === Kind.FIELD && first.name.value === '_entities';
    if (isEntities) collect(first.selectionSet!, undefined);
    else collect(selectionSet, this.#setting.schema.getQueryType()?.name);
    return [...found];
  }

  #cover(
    { subgraph, outputRewrites }: FetchNode,
    sets: readonly SelectionSetNode[],
    type: string | undefined,
    { fragments }: ParsedFetch,
  ): Coverage | undefined {
    const { table, schema } = this.#setting;
    return compileCoverage(sets, type, { table, schema, subgraph, fragments, outputRewrites });
  }

  /** One for all places of a selection. */
  #keeper(
    subgraph: string,
    selection: string,
    coverage: Coverage,
    writeVariables: WriteVariables,
  ): LastGood | undefined {
    const keys = coverage.fields.flatMap(({ key, rules }) => {
      const ages = [...rules.values()].flatMap(({ maxStaleMs }) => maxStaleMs ?? []);
      return ages.length === 0 ? [] : [[key, Math.max(...ages)] as const];
    });
    if (keys.length === 0) return undefined;
    const identity = `${subgraph}\n${selection}`;
    let found = this.#lastGood.get(identity);
    if (found === undefined) {
      found = new LastGood({ store: this.#setting.store, subgraph, selection, writeVariables, keys });
      this.#lastGood.set(identity, found);
    }
    return found;
  }

  #place(
    target: Target,
    fetch: FetchNode,
    coverage: Coverage,
    parsed: ParsedFetch,
    selection: string,
    lastGood: LastGood | undefined,
    keys: ReadonlyMap<string, string>,
  ): FetchCover {
    const others = new Map<string, OtherField | undefined>();
    return {
      ...target,
      coverage,
      parsed,
      selection,
      lastGood,
      otherField: (covered: CoveredField, rule: FallbackRule, at: Coverage) => {
        if (rule.field === undefined) return undefined;
        const [type = ''] = rule.coordinate.split('.');
        const name = `${rule.coordinate} ${covered.key}`;
        if (!others.has(name)) {
          const readFrom = at === coverage && keys.size > 0 ? keys : new Map([...at.plain].map((key) => [key, key]));
          const setting = { schema: this.#setting.schema, owners: this.#setting.owners, clientOf: this.#clientOf };
          // A key renamed below the field would not be found again under its name.
          const isPlain = fetch.outputRewrites.length === 0;
          const other = isPlain
            ? OtherField.compile(type, rule.field, covered.node, parsed, readFrom, fetch.subgraph, setting)
            : undefined;
          others.set(name, other);
        }
        return others.get(name);
      },
    };
  }
}

/** Leaf fields that every object of an entity fetch holds, and where: what its representation is made of. */
function readable({ requires }: FetchNode): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const collect = (selections: NonNullable<FetchNode['requires']>): void => {
    for (const each of selections) {
      if (each.kind === 'Fragment') collect(each.selections);
      else if (each.selections === undefined) found.set(each.write, each.read);
    }
  };
  collect(requires ?? []);
  return found;
}
