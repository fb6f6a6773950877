import { GraphQLBoolean, getNamedType, isLeafType, isListType, isNonNullType, isObjectType } from 'graphql';
import type { GraphQLField, GraphQLOutputType } from 'graphql';

import { canonical } from './Draw.js';
import { fits } from './fits.js';
import { foreignOrdinal } from './keyCodec.js';
import type { Choice, Family } from './MockGraph.js';
import { entityIdentity } from './MockObject.js';
import type { MockObject } from './MockObject.js';
import type { FieldRequest, World } from './World.js';
import { flatten, keysIn, prefixed } from './readArguments.js';

const CREATE =
  /^(create|add|new|register|insert|post|submit|place|make|write|publish|open|start|signUp|upsert|save)(?=[A-Z_]|$)/;
const DELETE = /^(delete|remove|destroy|discard)(?=[A-Z_]|$)/;
/** Entities that a store creates have ordinals from here. */
const FIRST_CREATED = 500_000;

/**
 * What a mutation answers: the entity that its arguments are about, with their values; alone, or in a payload. With a store it happens,
 * without one it only looks so. undefined: something made up.
 */
export function answerMutation(world: World, request: FieldRequest): unknown {
  const { field, object, subgraph } = request;
  const type = getNamedType(field.type);
  if (isList(field.type)) return undefined;
  if (isLeafType(type)) {
    const entity = aboutNamed(world, request);
    if (type === GraphQLBoolean) return true;
    const path = entity?.entity?.family.paths.find((one) => type.name === 'ID' && !one.includes('.'));
    return path === undefined ? undefined : world.names.keyValue(entity!.entity!, path);
  }
  const choices = world.graph.choices(subgraph, object.local, field);
  const family = world.graph.family(choices[0]!.member);
  if (family !== undefined) return about(world, request, choices, family);
  const payload: Record<string, unknown> = {};
  if (!isObjectType(type)) return undefined;
  for (const part of Object.values(type.getFields())) {
    const partType = getNamedType(part.type);
    if (partType === GraphQLBoolean && /^(success|ok|succeeded)$/i.test(part.name)) payload[part.name] = true;
    if (isList(part.type)) {
      if (/errors?$/i.test(part.name)) payload[part.name] = [];
      continue;
    }
    const partFamily = world.graph.family(partType.name);
    const isFirst = !Object.values(payload).some((one) => typeof one === 'object' && !Array.isArray(one));
    if (partFamily === undefined || !isFirst) {
      if (/errors?$/i.test(part.name) && !isNonNullType(part.type)) payload[part.name] = null;
      continue;
    }
    payload[part.name] = about(world, request, world.graph.choicesOf(subgraph, partType.name), partFamily);
  }
  return payload;
}

/** For mutations that answer a leaf: the entity that the mutation's name ends in. */
function aboutNamed(world: World, request: FieldRequest): MockObject | undefined {
  const { subgraph, field } = request;
  const rest = field.name
    .replace(CREATE, '')
    .replace(DELETE, '')
    .replace(/^update|^_/, '')
    .toLowerCase();
  for (const name of subgraph.keys.keys()) {
    const family = name.toLowerCase() === rest ? world.graph.family(name) : undefined;
    if (family !== undefined) return about(world, request, world.graph.choicesOf(subgraph, name), family);
  }
  return undefined;
}

function about(world: World, request: FieldRequest, choices: readonly Choice[], family: Family): MockObject {
  const { field, args, subgraph } = request;
  const isStateful = subgraph.said.store !== undefined && subgraph.said.store !== false;
  const inputs = flatten(args);
  const found = world.find(choices, keysIn(inputs, family, [...family.members, family.name]));
  const [choice] = choices as [Choice];
  if (found !== undefined && isNamed(field, DELETE, choices)) {
    if (isStateful) world.store.delete(found.entity!);
    return found;
  }
  const isNew = CREATE.test(field.name) && (found === undefined || isNamed(field, CREATE, choices));
  const near = isStateful
    ? FIRST_CREATED + world.store.nextNumber() * family.members.length
    : foreignOrdinal(`${field.name}${canonical(args)}`, world.names.isWide(family));
  const entity = found?.entity ?? world.names.ofType(family, choice.member, isNew ? near : 1);
  const member = world.names.memberOf(entity);
  const chosen = choices.find((one) => one.member === member) ?? choice;
  const fields = fieldsFrom(world, member, inputs, family);
  if (isStateful) {
    if (isNew) world.store.create(entity, fields, true);
    else world.store.update(entity, fields);
  } else if (isNew && found === undefined) world.echoes.set(entityIdentity(entity), fields);
  return world.entityObject(chosen, entity, fields);
}

/** Whether a mutation does it to one of these types: `removeReview` to a Review, `removeItemFromCart` not to a Cart. */
function isNamed({ name }: GraphQLField<unknown, unknown>, verb: RegExp, choices: readonly Choice[]): boolean {
  if (!verb.test(name)) return false;
  const rest = name.replace(verb, '').replace(/^_/, '').toLowerCase();
  return rest === '' || choices.some(({ member, local }) => [member.toLowerCase(), local.toLowerCase()].includes(rest));
}

/** The inputs that are fields of a type, and references to other entities among them: `productUpc` is the product with that upc. */
export function fieldsFrom(
  world: World,
  member: string,
  inputs: Readonly<Record<string, unknown>>,
  family: Family,
): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const name of world.graph.fieldNames(member)) {
    const field = world.graph.anyField(member, name)!;
    if (family.paths.some((path) => path === name || path.startsWith(`${name}.`))) continue;
    const value = Object.hasOwn(inputs, name) ? inputs[name] : undefined;
    if (value !== undefined && fits(field.type, value)) {
      fields[name] = value;
      continue;
    }
    const typeName = getNamedType(field.type).name;
    const other = isList(field.type) ? undefined : world.graph.family(typeName);
    for (const path of other?.paths ?? []) {
      const said = [prefixed(name, path), prefixed(typeName, path)].find((one) => Object.hasOwn(inputs, one));
      if (said !== undefined && inputs[said] !== null) fields[name] = { [path]: inputs[said] };
    }
  }
  return fields;
}

function isList(type: GraphQLOutputType): boolean {
  return isListType(isNonNullType(type) ? type.ofType : type);
}
