import { getNamedType, getNullableType, isCompositeType, isListType } from 'graphql';
import type { GraphQLOutputType } from 'graphql';

import { Draw } from './Draw.js';
import type { Family } from './MockGraph.js';
import { entityIdentity } from './MockObject.js';
import type { EntityName, MockObject } from './MockObject.js';
import type { FieldRequest, World, Place } from './World.js';
import { MAX_ITEMS, countOf, flatten, keyListIn, skipOf } from './readArguments.js';
import { pairOf, relationOf } from './relations.js';

/** What a list holds: objects, or undefined for items that are made up one by one. */
export function listItems(world: World, request: FieldRequest, place: Place): unknown[] {
  const { object, field, args } = request;
  const isOuter = place.depth === 0;
  const asked = isOuter ? (countOf(args) ?? object.listLength) : undefined;
  const count = asked ?? usualLength(world, request, place);
  if (!isOuter || isNested(field.type) || !isCompositeType(getNamedType(field.type)))
    return Array.from({ length: count });

  const byKey = itemsByKey(world, request);
  if (byKey !== undefined) return byKey;
  const first = createdItems(world, request);
  const seen = new Set(first.map(({ identity }) => identity));
  const items: MockObject[] = [...first];
  const skip = skipOf(args);
  const wanted = Math.min(MAX_ITEMS, skip + count + (asked === undefined ? first.length : 0));
  // Those that were deleted leave no gap.
  for (let index = 0; items.length < wanted && index < wanted + MAX_ITEMS; index++) {
    const picked = world.pick(request, { depth: 1, text: `[${index}]`, index });
    if (picked === null || (picked.entity !== undefined && seen.has(picked.identity))) continue;
    seen.add(picked.identity);
    items.push(picked);
  }
  return items.slice(skip, wanted);
}

/** A list of lists. */
function isNested(type: GraphQLOutputType): boolean {
  const list = getNullableType(type);
  return isListType(list) && isListType(getNullableType(list.ofType as GraphQLOutputType));
}

function usualLength(world: World, request: FieldRequest, { text }: Place): number {
  const hint = world.sayings.ofField(request.object.member, request.field.name)?.hint?.['list'];
  if (typeof hint === 'number') return Math.min(MAX_ITEMS, Math.max(0, Math.floor(hint)));
  const [min, max] = world.settings.listLength;
  return min === max ? min : new Draw(`length ${world.textOf(request)}${text}`).whole(min, max);
}

/** `products(upcs: ["1", "2"])`. */
function itemsByKey(world: World, { subgraph, object, field, args }: FieldRequest): unknown[] | undefined {
  const choices = world.graph.choices(subgraph, object.local, field);
  for (const { member } of choices) {
    const family = world.graph.family(member);
    const keys = family && keyListIn(flatten(args), family, [...family.members, family.name]);
    if (keys === undefined) continue;
    return keys
      .map((key) => world.find(choices, key))
      .filter((one) => !one?.entity || !world.store.isDeleted(one.entity));
  }
  return undefined;
}

/** Entities that a store has, where this list is about all of them or about those that refer to its owner. */
function createdItems(world: World, request: FieldRequest): MockObject[] {
  const { subgraph, object, field } = request;
  const choices = world.graph.choices(subgraph, object.local, field);
  const families = new Set(choices.flatMap(({ member }) => world.graph.family(member) ?? []));
  return [...families].flatMap((family) =>
    world.store
      .createdOf(family.name)
      .filter((entity) => !world.store.isDeleted(entity) && belongs(world, request, family, entity))
      .flatMap((entity) => {
        const choice = choices.find(({ member }) => member === world.names.memberOf(entity));
        return choice === undefined ? [] : [world.entityObject(choice, entity)];
      }),
  );
}

function belongs(world: World, { object, field }: FieldRequest, family: Family, child: EntityName): boolean {
  const { entity } = object;
  if (entity === undefined) return object.identity === 'query';
  const pair = pairOf(world.graph, entity.family, field.name);
  if (pair?.side !== 'list') return false;
  const said = world.store.changesOf(entityIdentity(child))?.[pair.reference];
  if (typeof said === 'object' && said !== null) {
    return world.names.find(entity.family, entity.family.members, said)?.ordinal === entity.ordinal;
  }
  return (
    family.members.includes(pair.childType) &&
    relationOf(world.settings.seed, pair, world.names.isWide(family)).parent(child.ordinal) === entity.ordinal
  );
}
