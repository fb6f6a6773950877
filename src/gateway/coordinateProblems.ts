import type { EngineConfig } from '../base/config/loadOptions.js';
import { misfits } from '../request/ratelimit/misfits.js';
import { misplacedRules } from '../request/authorization/checkRules.js';
import { unknownCoordinate } from '../supergraph/model/coordinates.js';
import type { Supergraph } from '../supergraph/model/Supergraph.js';
import { readFallbacks } from './readFallbacks.js';

/** A setting by coordinate that does not fit the supergraph. */
export interface CoordinateProblem {
  /** In the words of YAML. */
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

type SettingsByCoordinate = Pick<EngineConfig, 'authorization' | 'fallback' | 'rateLimit' | 'trafficShaping'>;

/**
 * What of a configuration speaks of fields that the graph does not have: it would never apply, and nobody would notice.
 *
 * @param ofFallbacks what reading the fallbacks has found, for who has read them already
 */
export function coordinateProblems(
  supergraph: Supergraph,
  config: SettingsByCoordinate,
  ofFallbacks: readonly CoordinateProblem[] = readFallbacks(supergraph, config.fallback).problems,
): readonly CoordinateProblem[] {
  const { apiSchema } = supergraph;
  const rules = misplacedRules(apiSchema, Object.keys(config.authorization.fields));
  return [
    ...ofFallbacks,
    ...breakerProblems(apiSchema, config.trafficShaping),
    ...misfits(config.rateLimit.policies, apiSchema).map(({ path, message }) => ({
      path: ['rate_limit', 'policies', ...path],
      message,
    })),
    ...rules.map(({ coordinate, why }) => ({ path: ['authorization', 'fields', coordinate], message: why })),
  ];
}

function breakerProblems(
  schema: Supergraph['apiSchema'],
  { all, subgraphs }: EngineConfig['trafficShaping'],
): readonly CoordinateProblem[] {
  const places = [
    { path: ['traffic_shaping', 'all'], traffic: all },
    ...Object.entries(subgraphs).map(([name, traffic]) => ({ path: ['traffic_shaping', 'subgraphs', name], traffic })),
  ];
  return places.flatMap(({ path, traffic }) =>
    Object.keys(traffic.circuitBreaker?.fields ?? {}).flatMap((coordinate): CoordinateProblem[] => {
      const message = coordinate.includes('.')
        ? unknownCoordinate(schema, coordinate)
        : 'names no field: a field is written as Type.field';
      return message === undefined ? [] : [{ path: [...path, 'circuit_breaker', 'fields', coordinate], message }];
    }),
  );
}
