import { getNullableType, isInterfaceType, isObjectType, isRequiredArgument, isTypeSubTypeOf } from 'graphql';
import type { GraphQLField, GraphQLInterfaceType, GraphQLObjectType, GraphQLSchema } from 'graphql';

import type { FallbackTrigger } from '../../../base/errors/fallbackTrigger.js';
import { isJsonObject } from '../../../base/kit/isJsonObject.js';
import { unknownCoordinate } from '../../../supergraph/model/coordinates.js';
import { FallbackTable } from './FallbackRule.js';
import type { FallbackRule, SubgraphFallback } from './FallbackRule.js';
import { fitProblem } from './fitProblem.js';
import type { FitSetting } from './fitProblem.js';

/** A fallback as somebody declared it, by coordinate of a field or a type. */
export interface FallbackDeclaration {
  readonly coordinate: string;
  readonly on: readonly FallbackTrigger[];
  /** Undefined for none. Of a type: an object with a value for each field it covers. */
  readonly value?: unknown;
  readonly field?: string | undefined;
  readonly maxStaleMs?: number | undefined;
}

/** Why a declaration cannot be followed. */
export interface FallbackProblem {
  readonly coordinate: string;
  /** The part that is wrong; absent for the coordinate itself. */
  readonly part?: 'value' | 'field';
  readonly message: string;
}

export interface CompiledFallbacks {
  readonly table: FallbackTable;
  readonly problems: readonly FallbackProblem[];
}

type Fielded = GraphQLObjectType | GraphQLInterfaceType;

/**
 * Checks declared fallbacks against the API schema. What is declared for a type holds for its fields, what is declared for an interface for
 * the types that implement it; the nearer declaration goes first.
 *
 * @param declarations a later one replaces an earlier one of the same coordinate
 */
export function compileFallbacks(
  declarations: readonly FallbackDeclaration[],
  bySubgraph: ReadonlyMap<string, SubgraphFallback>,
  setting: FitSetting,
): CompiledFallbacks {
  const problems: FallbackProblem[] = [];
  const rules = new Map<string, FallbackRule>();
  const given = new Map(declarations.map((each) => [each.coordinate, each]));
  // Fields before types, object types before interfaces: what is set already stays.
  for (const layer of layers([...given.values()], setting.schema)) {
    for (const declaration of layer) {
      const found = expand(declaration, setting);
      if ('message' in found) problems.push(found);
      else for (const rule of found.rules) if (!rules.has(rule.coordinate)) rules.set(rule.coordinate, rule);
    }
  }
  problems.push(...circles(given.values(), rules));
  return { table: new FallbackTable(rules, bySubgraph), problems };
}

function layers(declarations: readonly FallbackDeclaration[], schema: GraphQLSchema): FallbackDeclaration[][] {
  const rank = ({ coordinate }: FallbackDeclaration): number => {
    const [type = '', field] = coordinate.split('.');
    return (field === undefined ? 2 : 0) + (isInterfaceType(schema.getType(type)) ? 1 : 0);
  };
  return [0, 1, 2, 3].map((layer) => declarations.filter((each) => rank(each) === layer));
}

function expand(
  declaration: FallbackDeclaration,
  setting: FitSetting,
): { readonly rules: readonly FallbackRule[] } | FallbackProblem {
  const { coordinate, on, value, field, maxStaleMs } = declaration;
  const { schema } = setting;
  const [typeName = '', fieldName] = coordinate.split('.');
  const unknown = unknownCoordinate(schema, coordinate);
  if (unknown !== undefined) return { coordinate, message: unknown };
  const type = schema.getType(typeName);
  if (!isObjectType(type) && !isInterfaceType(type))
    return { coordinate, message: 'cannot fall back: fields of objects and interfaces do' };
  if (type === schema.getMutationType() || type === schema.getSubscriptionType())
    return { coordinate, message: `cannot fall back: an effect has no stand-in` };
  const types: Fielded[] = isInterfaceType(type) ? [...schema.getPossibleTypes(type), type] : [type];
  const base = { on: new Set(on), field, maxStaleMs };

  if (fieldName !== undefined) {
    for (const each of types) {
      const problem = fieldProblem(declaration, each, fieldOf(each, fieldName)!, setting);
      if (problem !== undefined) return problem;
    }
    return { rules: types.map(({ name }) => ({ ...base, coordinate: `${name}.${fieldName}`, value })) };
  }
  if (field !== undefined) return { coordinate, part: 'field', message: 'is for a single field, not for a whole type' };
  if (value !== undefined && !isJsonObject(value))
    return { coordinate, part: 'value', message: 'of a type must be an object with a value for each field it covers' };
  const values = value as Readonly<Record<string, unknown>> | undefined;
  for (const name of Object.keys(values ?? {})) {
    if (fieldOf(type, name) === undefined)
      return { coordinate, part: 'value', message: `covers ${name}, which is no field of ${typeName}` };
  }
  const rules: FallbackRule[] = [];
  for (const each of types) {
    for (const name of Object.keys(type.getFields())) {
      const own = values !== undefined && Object.hasOwn(values, name) ? values[name] : undefined;
      if (own === undefined && maxStaleMs === undefined) continue;
      const problem =
        own === undefined ? undefined : fitProblem(own, fieldOf(each, name)!.type, setting, `value.${name}`);
      if (problem !== undefined) return { coordinate, part: 'value', message: `does not fit: ${problem}` };
      rules.push({ ...base, coordinate: `${each.name}.${name}`, value: own });
    }
  }
  return { rules };
}

function fieldProblem(
  { coordinate, value, field }: FallbackDeclaration,
  type: Fielded,
  own: GraphQLField<unknown, unknown>,
  setting: FitSetting,
): FallbackProblem | undefined {
  if (value !== undefined) {
    const problem = fitProblem(value, own.type, setting);
    if (problem !== undefined) return { coordinate, part: 'value', message: `does not fit: ${problem}` };
  }
  if (field === undefined) return undefined;
  const other = fieldOf(type, field);
  const refuse = (message: string): FallbackProblem => ({ coordinate, part: 'field', message });
  if (other === undefined) return refuse(`names ${field}, which is no field of ${type.name}`);
  if (other === own) return refuse('names the field itself');
  if (other.args.some(isRequiredArgument)) return refuse(`names ${field}, which has required arguments`);
  if (!isTypeSubTypeOf(setting.schema, getNullableType(other.type), getNullableType(own.type)))
    return refuse(`names ${field}, whose type ${String(other.type)} does not fit ${String(own.type)}`);
  return undefined;
}

/** A field falls back once and no further; whoever declares a circle expects something else. */
function circles(
  declarations: Iterable<FallbackDeclaration>,
  rules: ReadonlyMap<string, FallbackRule>,
): FallbackProblem[] {
  const problems: FallbackProblem[] = [];
  for (const { coordinate, field } of declarations) {
    if (field === undefined) continue;
    const type = coordinate.slice(0, coordinate.indexOf('.') + 1);
    const seen = new Set([coordinate]);
    let at: string | undefined = `${type}${field}`;
    while (at !== undefined && !seen.has(at)) {
      seen.add(at);
      const next: string | undefined = rules.get(at)?.field;
      at = next === undefined ? undefined : `${type}${next}`;
    }
    if (at === coordinate && seen.size > 1)
      problems.push({ coordinate, part: 'field', message: `falls back in a circle: ${[...seen, at].join(' → ')}` });
  }
  return problems;
}

function fieldOf(type: Fielded, name: string): GraphQLField<unknown, unknown> | undefined {
  const fields = type.getFields();
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}
