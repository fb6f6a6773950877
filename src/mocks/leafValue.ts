import { isEnumType } from 'graphql';
import type { GraphQLLeafType } from 'graphql';

import { Draw, canonical } from './Draw.js';
import { hintedValue } from './MockSayings.js';
import { scalarValue } from './scalarValue.js';
import { inputsOf } from './SubgraphFacts.js';
import type { FieldRequest, Place, World } from './World.js';

/**
 * A scalar or an enum value for a place that nobody has said anything about: by `@mock`, by what is said of the scalar, by names.
 * For a field with `@requires` it depends on what the gateway sent, too.
 */
export function leafValue(world: World, request: FieldRequest, type: GraphQLLeafType, place: Place): unknown {
  const { object, field, subgraph, args, context } = request;
  const inputs = inputsOf(subgraph, `${object.local}.${field.name}`, object.inputs);
  const draw = new Draw(`${world.textOf(request)}${place.text}${inputs === undefined ? '' : canonical(inputs)}`);
  const hint = world.sayings.ofField(object.member, field.name)?.hint;
  const hinted = hint && hintedValue(hint, type.name, draw);
  if (hinted !== undefined) return hinted;
  const saying = world.sayings.ofLeaf(type.name);
  if (saying?.hint !== undefined) return hintedValue(saying.hint, type.name, draw);
  if (saying?.make !== undefined) return saying.make.function(world.view(object, context), args, context);
  if (saying !== undefined) return saying.value;
  if (isEnumType(type)) return draw.pick(world.graph.enumValues(type));
  return scalarValue(type.name, object.member, field.name, draw);
}
