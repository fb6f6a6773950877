import { Kind, print, visit } from 'graphql';

import { writeJson } from '../../base/kit/json.js';
import { isJsonObject } from '../../base/kit/isJsonObject.js';
import type { SubgraphOperation } from '../../upstream/SubgraphClient.js';
import type { KeyRenamer, PathStep } from '../plan/nodes.js';

import { EntityBatch } from './EntityBatch.js';
import { EntityCall } from './EntityCall.js';
import type { EntityFetchOptions } from './EntityFetch.js';
import type { EntityTarget } from './entityParts.js';
import { entitiesField, subgraphOperation } from './entityText.js';
import type { ParsedFetch } from './entityText.js';
import type { JsonObject } from './json.js';
import { isOfType } from './representation.js';
import type { PossibleTypes } from './representation.js';
import type { Run } from './Run.js';
import type { Step } from './Step.js';
import { admits } from './targets.js';

interface Found {
  readonly object: JsonObject;
  /** The objects above it, nearest first. */
  readonly ancestors: readonly JsonObject[];
}

/** Entities that have the same values in all context arguments. */
interface ContextGroup {
  readonly values: readonly unknown[];
  readonly batch: EntityBatch;
}

/**
 * An entity fetch whose arguments come from objects above the entity (`@fromContext`).
 *
 * Entities with equal context values share one `_entities` list with variables of its own, so that a list of parents costs one
 * request and not one each. Source: federation 2.8 `@context`; the planner writes where to look as `contextRewrites`.
 */
export class ContextFetch implements Step {
  readonly #options: EntityFetchOptions;
  readonly #rewrites: readonly KeyRenamer[];
  readonly #parsed: ParsedFetch;
  readonly #names: readonly string[];
  readonly #call: EntityCall;
  readonly #operations = new Map<number, SubgraphOperation>();

  constructor(options: EntityFetchOptions, rewrites: readonly KeyRenamer[], parsed: ParsedFetch) {
    this.#options = options;
    this.#rewrites = rewrites;
    this.#parsed = parsed;
    this.#names = [...new Set(rewrites.map(({ key }) => key))];
    this.#call = new EntityCall(options);
  }

  run(run: Run): Promise<void> | undefined {
    const groups = [...this.#group(run).values()];
    if (groups.length === 0) return undefined;
    const variables = groups.map(({ batch, values }, i) => {
      const given = this.#names.map(
        (name, at) => `,${JSON.stringify(`${name}_${i}`)}:${writeJson(values[at] ?? null)}`,
      );
      return `"representations_${i}":[${batch.representations()}]${given.join('')}`;
    });
    const batches = groups.map(({ batch }) => batch);
    return this.#call.send(run, batches, this.#operation(groups.length), variables.join(','));
  }

  #group(run: Run): Map<string, ContextGroup> {
    const { selections, targets, isObjectType, possible } = this.#options;
    const groups = new Map<string, ContextGroup>();
    for (const target of targets) {
      for (const found of findWithAncestors(run.root, target.path)) {
        const values = this.#names.map((name) => this.#contextValue(found, name, possible));
        const key = writeJson(values);
        let group = groups.get(key);
        if (group === undefined) {
          const aloneVariables = this.#names
            .map((name, at) => `,${JSON.stringify(name)}:${writeJson(values[at] ?? null)}`)
            .join('');
          const selection = { ...selections[0]!, alias: `_${groups.size}`, aloneVariables };
          groups.set(key, (group = { values, batch: new EntityBatch(selection, isObjectType) }));
        }
        collectOne(run, group.batch, target, found.object);
      }
    }
    // Nothing is remembered where context decides (selection.loadedAt is -1): this only fixes the order.
    for (const { batch } of groups.values()) batch.recall(run, []);
    for (const [key, { batch }] of groups) if (!batch.asks) groups.delete(key);
    return groups;
  }

  #contextValue({ object, ancestors }: Found, name: string, possible: PossibleTypes): unknown {
    for (const { key, path } of this.#rewrites) {
      if (key !== name) continue;
      const up = path.filter((step) => step === '..').length;
      let value: unknown = up === 0 ? object : ancestors[up - 1];
      for (const step of path.slice(up)) {
        if (!isJsonObject(value)) value = undefined;
        else if (step.startsWith('... on ')) {
          const type = value['__typename'];
          if (typeof type === 'string' && !isOfType(type, step.slice(7), possible)) value = undefined;
        } else value = value[step];
      }
      if (value !== undefined) return value;
    }
    return undefined;
  }

  /** The text depends on the number of groups: cached for small numbers. */
  #operation(groups: number): SubgraphOperation {
    let operation = this.#operations.get(groups);
    if (operation === undefined) {
      operation = this.#write(groups);
      if (groups <= 32) this.#operations.set(groups, operation);
    }
    return operation;
  }

  #write(groups: number): SubgraphOperation {
    const { definition } = this.#parsed;
    const declared: string[] = [];
    let fields = '';
    for (let i = 0; i < groups; i++) {
      for (const variable of definition.variableDefinitions ?? []) {
        const name = variable.variable.name.value;
        const isOwn = name === 'representations' || this.#names.includes(name);
        if (isOwn) declared.push(print(variable).replace(`$${name}`, `$${name}_${i}`));
        else if (i === 0) declared.push(print(variable));
      }
      const selection = visit(entitiesField(this.#parsed).selectionSet!, {
        [Kind.VARIABLE]: (node) =>
          this.#names.includes(node.name.value)
            ? { ...node, name: { ...node.name, value: `${node.name.value}_${i}` } }
            : undefined,
      });
      fields += ` _${i}: _entities(representations: $representations_${i}) ${print(selection)}`;
    }
    const name = definition.name?.value;
    return subgraphOperation(
      'query',
      name,
      `query${name === undefined ? '' : ` ${name}`}(${declared.join(', ')}) {${fields} }`,
    );
  }
}

function collectOne(run: Run, batch: EntityBatch, target: EntityTarget, object: JsonObject): void {
  batch.collect(run, target, { objects: [object], holders: [], slots: [] });
}

function findWithAncestors(root: JsonObject, path: readonly PathStep[]): Found[] {
  const found: Found[] = [];
  const walk = (value: unknown, depth: number, ancestors: readonly JsonObject[]): void => {
    if (typeof value !== 'object' || value === null) return;
    const step = path[depth];
    if (step === undefined) {
      if (isJsonObject(value)) found.push({ object: value, ancestors });
    } else if (step.kind === 'list') {
      if (Array.isArray(value)) for (const each of value) if (isAdmitted(step, each)) walk(each, depth + 1, ancestors);
    } else if (isJsonObject(value)) {
      const next = value[step.name];
      if (isAdmitted(step, next)) walk(next, depth + 1, [value, ...ancestors]);
    }
  };
  walk(root, 0, []);
  return found;
}

function isAdmitted({ types }: PathStep, value: unknown): boolean {
  return typeof value === 'object' && value !== null && admits(types, value);
}
