import { GraphQLError, getNamedType, isLeafType, isListType, isNonNullType } from 'graphql';
import type { GraphQLLeafType, GraphQLOutputType } from 'graphql';

import { answerMutation } from './answerMutation.js';
import { BoundedMap } from './BoundedMap.js';
import { Draw, canonical, hashText } from './Draw.js';
import { EntityNames } from './EntityNames.js';
import { fits } from './fits.js';
import { keyField } from './keyField.js';
import { leafValue } from './leafValue.js';
import { listItems } from './listItems.js';
import { MockGraph } from './MockGraph.js';
import type { Choice, Family } from './MockGraph.js';
import { entityIdentity, isMockObject, mockObject, saidOf } from './MockObject.js';
import type { EntityName, MockObject } from './MockObject.js';
import { MockSayings } from './MockSayings.js';
import type { Saying } from './MockSayings.js';
import { MockStore } from './MockStore.js';
import type { MockContext } from './mockSubgraph.js';
import { ObjectViews } from './ObjectViews.js';
import { countOf, flatten, keysIn, withoutPaging } from './readArguments.js';
import type { Arguments } from './readArguments.js';
import { POOL, pairOf, relationOf } from './relations.js';
import type { SubgraphFacts } from './SubgraphFacts.js';
import { OUTSIDE } from './World.js';
import type { FieldRequest, Place, World, WorldSettings } from './World.js';

/** Objects that mutations made up without a store, this many. */
const MAX_ECHOES = 20_000;

/**
 * The values of all objects of a graph. A value follows from the seed, who the object is, the field and the arguments. Before that goes what
 * somebody has said, in this order: partial objects, stores, keys, `mocks`, `@mock`.
 */
export class MockWorld implements World {
  readonly graph: MockGraph;
  readonly names: EntityNames;
  readonly sayings: MockSayings;
  readonly #views: ObjectViews;
  readonly store = new MockStore();
  readonly echoes = new BoundedMap<Readonly<Record<string, unknown>>>(MAX_ECHOES);
  readonly settings: WorldSettings;

  constructor(subgraphs: readonly SubgraphFacts[], settings: WorldSettings) {
    this.settings = settings;
    this.graph = new MockGraph(subgraphs);
    this.names = new EntityNames(this.graph, settings.seed);
    this.sayings = new MockSayings(this.graph);
    this.#views = new ObjectViews(this);
  }

  root(typeName: string, operation: string): MockObject {
    return mockObject({ local: typeName, member: typeName, identity: operation });
  }

  view(object: MockObject, context: MockContext): object {
    return this.#views.of(object, context);
  }

  /** The value of a field as graphql-js takes it: objects are MockObjects. May be a promise. */
  read(request: FieldRequest): unknown {
    const { object, field, args, context } = request;
    const given = saidOf(object.given, field.name);
    if (given !== undefined) {
      const value: unknown = typeof given === 'function' ? given.call(object.given, args, context) : given;
      return this.complete(request, value);
    }
    const changed = saidOf(this.store.changesOf(object.identity) ?? this.echoes.get(object.identity), field.name);
    if (changed !== undefined) return this.complete(request, changed);
    const key = object.entity && keyField(this.names, object.entity, field);
    if (key !== undefined) return this.complete(request, key);
    const saying = this.sayings.ofField(object.member, field.name);
    if (saying !== undefined) {
      const value = this.#said(saying, request);
      if (value !== undefined) return this.complete(request, value);
    }
    if (object.identity === 'mutation') return this.complete(request, answerMutation(this, request));
    return this.complete(request, undefined);
  }

  /** Fits what somebody gave to the field's type and makes up the rest. undefined: make up everything. */
  complete(
    request: FieldRequest,
    value: unknown,
    type: GraphQLOutputType = request.field.type,
    place: Place = OUTSIDE,
  ): unknown {
    if (value instanceof Promise) return value.then((one: unknown) => this.complete(request, one, type, place));
    if (value === null || value instanceof Error) return value;
    if (isNonNullType(type)) return this.complete(request, value, type.ofType as GraphQLOutputType, place);
    if (value === undefined && this.#isNull(request, place)) return null;
    if (isListType(type)) {
      const items = value === undefined ? listItems(this, request, place) : value;
      if (!Array.isArray(items)) return items;
      return items.map((item: unknown, index) =>
        this.complete(request, item, type.ofType as GraphQLOutputType, {
          depth: place.depth + 1,
          text: `${place.text}[${index}]`,
          index,
        }),
      );
    }
    if (isLeafType(type)) return value === undefined ? leafValue(this, request, type, place) : value;
    if (value === undefined) return this.pick(request, place);
    return typeof value === 'object' ? this.#adopt(request, value, place) : value;
  }

  /** The object at a place that nobody has said anything about; null for one that was deleted. */
  pick(request: FieldRequest, place: Place, given?: object): MockObject | null {
    const { object, field, args, subgraph } = request;
    const choices = this.graph.choices(subgraph, object.local, field);
    if (place.text === '' && given === undefined) {
      const asked = this.#askedByKey(request, choices);
      if (asked !== undefined) return asked.entity && this.store.isDeleted(asked.entity) ? null : asked;
    }
    const text = this.textOf(request);
    const draw = new Draw(text);
    const isRoot = object.entity === undefined && (object.identity === 'query' || object.identity === 'mutation');
    const start = isRoot ? 0 : draw.whole(0, POOL - 1);
    const choice = choices[(hashText(text) + place.index) % choices.length]!;
    const family = this.graph.family(choice.member);
    if (family === undefined) {
      const identity = `v${hashText(`${text}${place.text}`).toString(36)}`;
      const listLength = countOf(args) ?? undefined;
      return mockObject({ ...choice, identity, given: given ?? this.#echo(choice.member, args), listLength });
    }
    const outer = place.text.slice(0, place.text.lastIndexOf('['));
    const shift = outer === '' ? 0 : hashText(outer) % POOL;
    const related = this.#related(object, field.name, place);
    const near = related ?? (start + shift + place.index) * family.members.length + 1;
    const entity = this.#keySaid(this.names.ofType(family, choice.member, near), request, choice);
    if (given === undefined && this.store.isDeleted(entity)) return null;
    return this.entityObject(choice, entity, given);
  }

  entityObject(
    { local, member }: Choice,
    entity: EntityName,
    given?: object,
    inputs?: MockObject['inputs'],
  ): MockObject {
    return mockObject({ local, member, identity: entityIdentity(entity), entity, given, inputs });
  }

  /** The entity with these key values, as one of the choices. undefined when the values hold no key of any of them. */
  find(
    choices: readonly Choice[],
    values: object,
    given?: object,
    inputs?: MockObject['inputs'],
  ): MockObject | undefined {
    for (const family of this.#familiesOf(choices)) {
      const members = choices.map(({ member }) => member).filter((member) => family.members.includes(member));
      const entity = this.names.find(family, members, values);
      const member = entity && this.names.memberOf(entity);
      const choice = choices.find((one) => one.member === member);
      if (entity !== undefined && choice !== undefined) return this.entityObject(choice, entity, given, inputs);
    }
    return undefined;
  }

  /** What tells a field of an object from all others; paging does not. */
  textOf({ object, field, args }: FieldRequest): string {
    const shape = isLeafType(getNamedType(field.type)) && !isListType(inside(field.type)) ? args : withoutPaging(args);
    return `${this.settings.seed} ${object.identity}.${field.name}${canonical(shape)}`;
  }

  #familiesOf(choices: readonly Choice[]): Set<Family> {
    return new Set(choices.flatMap(({ member }) => this.graph.family(member) ?? []));
  }

  #askedByKey({ args }: FieldRequest, choices: readonly Choice[]): MockObject | undefined {
    if (Object.keys(args).length === 0) return undefined;
    const inputs = flatten(args);
    for (const family of this.#familiesOf(choices)) {
      const found = this.find(choices, keysIn(inputs, family, [...family.members, family.name]));
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #related({ entity }: MockObject, field: string, place: Place): number | undefined {
    const pair = entity && place.depth < 2 ? pairOf(this.graph, entity.family, field) : undefined;
    if (entity === undefined || pair === undefined) return undefined;
    const relation = relationOf(this.settings.seed, pair, this.names.isWide(this.graph.family(pair.childType)!));
    return pair.side === 'list' ? relation.child(entity.ordinal, place.index) : relation.parent(entity.ordinal);
  }

  /** A key field that somebody gives the values of decides which entity it is. */
  #keySaid(entity: EntityName, request: FieldRequest, choice: Choice): EntityName {
    for (const path of entity.family.paths) {
      const saying = path.includes('.') ? undefined : this.sayings.ofField(choice.member, path);
      const place = saying && this.graph.places(choice.member, path)[0];
      if (saying === undefined || place === undefined) continue;
      const object = this.entityObject(choice, entity);
      const key = { ...request, subgraph: place.subgraph, object, field: place.field, args: {} };
      let value = this.#said(saying, key);
      if (saying.hint !== undefined)
        value = leafValue(this, key, getNamedType(place.field.type) as GraphQLLeafType, OUTSIDE);
      if (value === undefined || value === null || typeof value === 'object') continue;
      return this.names.find(entity.family, [choice.member], { [path]: value }) ?? entity;
    }
    return entity;
  }

  #said({ value, make }: Saying, { object, args, context }: FieldRequest): unknown {
    if (make === undefined) return value;
    const made = make.function(this.view(object, context), args, context);
    if (make.field === undefined) return made;
    const part = (from: unknown): unknown =>
      typeof from === 'object' && from !== null ? saidOf(from, make.field!) : undefined;
    return made instanceof Promise ? made.then(part) : part(made);
  }

  #adopt(request: FieldRequest, value: object, place: Place): MockObject | GraphQLError | null {
    const choices = this.graph.choices(request.subgraph, request.object.local, request.field);
    const known = isMockObject(value) ? value : this.#views.objectOf(value);
    if (known !== undefined) {
      const choice = choices.find(({ member }) => member === known.member);
      return choice === undefined || choice.local === known.local
        ? known
        : mockObject({ ...known, local: choice.local });
    }
    const typeName = saidOf(value, '__typename');
    const named = choices.filter(({ member, local }) => member === typeName || local === typeName);
    if (typeof typeName === 'string' && named.length === 0 && !this.graph.isKnown(typeName)) {
      const all = [...new Set(choices.map(({ member }) => member))].join(', ');
      return new GraphQLError(`${request.object.local}.${request.field.name} cannot be a "${typeName}", only ${all}`);
    }
    const found = this.find(named.length > 0 ? named : choices, value, value);
    if (found !== undefined) return found;
    const picked = this.pick(request, place, value);
    if (named.length === 0 || picked === null || named.some(({ member }) => member === picked.member)) return picked;
    const [choice] = named as [Choice];
    const family = this.graph.family(choice.member);
    if (family === undefined) return mockObject({ ...picked, ...choice, entity: undefined });
    return this.entityObject(choice, this.names.ofType(family, choice.member, picked.entity?.ordinal ?? 1), value);
  }

  /** Arguments that the object has as fields: `weather(city:)` is about that city. */
  #echo(member: string, args: Arguments): Record<string, unknown> | undefined {
    const echo: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(flatten(withoutPaging(args)))) {
      const field = value === undefined || value === null ? undefined : this.graph.anyField(member, name);
      if (field !== undefined && isLeafType(getNamedType(field.type)) && fits(field.type, value)) echo[name] = value;
    }
    return Object.keys(echo).length === 0 ? undefined : echo;
  }

  #isNull(request: FieldRequest, { depth, text }: Place): boolean {
    const { nulls } = this.settings;
    if (nulls === 0 || request.object.identity === 'mutation') return false;
    if (this.graph.nullable(request.object.local, request.field.name)[depth] !== true) return false;
    return new Draw(`null ${this.textOf(request)}${text}`).fraction() < nulls;
  }
}

function inside(type: GraphQLOutputType): GraphQLOutputType {
  return isNonNullType(type) ? (type.ofType as GraphQLOutputType) : type;
}
