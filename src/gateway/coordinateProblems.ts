import { isInterfaceType, isObjectType } from 'graphql';
import type { GraphQLSchema } from 'graphql';

import type { EngineConfig } from '../base/config/loadOptions.js';
import { closest } from '../base/config/suggest.js';
import type { Supergraph } from '../supergraph/model/Supergraph.js';
import { readFallbacks } from './readFallbacks.js';

/** A setting by coordinate that does not fit the supergraph. */
export interface CoordinateProblem {
  /** In the words of YAML. */
  readonly path: readonly string[];
  readonly message: string;
}

/** What of a configuration speaks of fields that the graph does not have: it would never apply, and nobody would notice. */
export function coordinateProblems(
  supergraph: Supergraph,
  { fallback, trafficShaping }: Pick<EngineConfig, 'fallback' | 'trafficShaping'>,
): readonly CoordinateProblem[] {
  const { all, subgraphs } = trafficShaping;
  const breakers = [
    { path: ['traffic_shaping', 'all'], traffic: all },
    ...Object.entries(subgraphs).map(([name, traffic]) => ({ path: ['traffic_shaping', 'subgraphs', name], traffic })),
  ];
  return [
    ...readFallbacks(supergraph, fallback).problems,
    ...breakers.flatMap(({ path, traffic }) =>
      Object.keys(traffic.circuitBreaker?.fields ?? {}).flatMap((coordinate) => {
        const message = missing(supergraph.apiSchema, coordinate);
        return message === undefined ? [] : [{ path: [...path, 'circuit_breaker', 'fields', coordinate], message }];
      }),
    ),
  ];
}

/** Why a coordinate (`Query.search`) names no field that clients can see. */
function missing(schema: GraphQLSchema, coordinate: string): string | undefined {
  const [typeName = '', field = ''] = coordinate.split('.');
  const type = schema.getType(typeName);
  if (!isObjectType(type) && !isInterfaceType(type)) {
    const fielded = Object.values(schema.getTypeMap()).filter((each) => isObjectType(each) || isInterfaceType(each));
    const near = closest(
      typeName,
      fielded.map(({ name }) => name),
    );
    return `names no type with fields of the API schema${near === undefined ? '' : ` (did you mean ${near}.${field}?)`}`;
  }
  const fields = type.getFields();
  if (Object.hasOwn(fields, field)) return undefined;
  const near = closest(field, Object.keys(fields));
  return `names no field: ${typeName} has no ${field}${near === undefined ? '' : ` (did you mean ${typeName}.${near}?)`}`;
}
