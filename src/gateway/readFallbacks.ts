import type { Config } from '../base/config/configSchema.js';
import { FALLBACK_TRIGGERS } from '../base/errors/fallbackTrigger.js';
import type { FallbackTrigger } from '../base/errors/fallbackTrigger.js';
import { PorticoError } from '../base/errors/PorticoError.js';
import { parseDuration } from '../base/kit/parseDuration.js';
import { compileFallbacks } from '../engine/execute/fallback/compileFallbacks.js';
import type { FallbackDeclaration, FallbackProblem } from '../engine/execute/fallback/compileFallbacks.js';
import type { FallbackTable } from '../engine/execute/fallback/FallbackRule.js';
import type { Supergraph } from '../supergraph/model/Supergraph.js';

export type FallbackConfig = Config['fallback'];

/** A setting of `fallback` that does not fit the supergraph. */
export interface FallbackConfigProblem {
  /** In the words of YAML. */
  readonly path: readonly string[];
  readonly message: string;
}

/**
 * The fallbacks of a generation: what subgraphs declare, and what the configuration says, which goes first.
 *
 * Errors: SUPERGRAPH_INVALID for a `@fallback` that cannot be followed. What is wrong with the configuration is given back; those settings
 * count as not written.
 */
export function readFallbacks(
  supergraph: Supergraph,
  config: FallbackConfig | undefined,
): { readonly table: FallbackTable; readonly problems: readonly FallbackConfigProblem[] } {
  const declared = supergraph.fallbacks.map(([coordinate, args]) => readDirective(coordinate, args));
  const configured = Object.entries(config?.coordinates ?? {}).map(
    ([coordinate, { value, field, maxStale, on }]): FallbackDeclaration => ({
      coordinate,
      on: on as readonly FallbackTrigger[],
      value,
      field,
      maxStaleMs: maxStale,
    }),
  );
  const bySubgraph = new Map(
    Object.entries(config?.subgraphs ?? {}).map(([name, { maxStale, on }]) => [
      name,
      { maxStaleMs: maxStale, on: new Set(on as readonly FallbackTrigger[]) },
    ]),
  );
  const isEntity = (type: string): boolean => (supergraph.owners.get(type)?.keys.length ?? 0) > 0;
  const { table, problems } = compileFallbacks([...declared, ...configured], bySubgraph, {
    schema: supergraph.apiSchema,
    isEntity,
  });
  const own = new Set(configured.map(({ coordinate }) => coordinate));
  const [first] = problems.filter(({ coordinate }) => !own.has(coordinate));
  if (first !== undefined) throw invalid(first.coordinate, describe(first));
  return { table, problems: problems.map(configProblem) };
}

function configProblem(problem: FallbackProblem): FallbackConfigProblem {
  const path = ['fallback', 'coordinates', problem.coordinate];
  return { path: problem.part === undefined ? path : [...path, problem.part], message: problem.message };
}

function describe({ part, message }: FallbackProblem): string {
  return part === undefined ? message : `${part} ${message}`;
}

function invalid(coordinate: string, why: string): PorticoError {
  return new PorticoError('SUPERGRAPH_INVALID', `The supergraph cannot be loaded: @fallback of ${coordinate}: ${why}`, {
    details: { coordinate },
  });
}

/** The arguments are what somebody wrote: composition checks scalars and enums of ours not at all. */
function readDirective(coordinate: string, args: Readonly<Record<string, unknown>>): FallbackDeclaration {
  const { value, field, maxStale, on = FALLBACK_TRIGGERS } = args;
  const triggers = Array.isArray(on) ? (on as unknown[]) : [on];
  const isTrigger = (each: unknown): each is FallbackTrigger => FALLBACK_TRIGGERS.includes(each as FallbackTrigger);
  if (!triggers.every(isTrigger)) throw invalid(coordinate, `on must be out of ${FALLBACK_TRIGGERS.join(', ')}`);
  if (field !== undefined && field !== null && typeof field !== 'string') throw invalid(coordinate, 'field is no name');
  const maxStaleMs = typeof maxStale === 'string' ? parseDuration(maxStale) : undefined;
  if (maxStale !== undefined && maxStale !== null && (maxStaleMs === undefined || maxStaleMs <= 0))
    throw invalid(coordinate, 'maxStale must be a duration with a unit, such as "5m"');
  if (!('value' in args) && typeof field !== 'string' && maxStaleMs === undefined && triggers.length > 0)
    throw invalid(coordinate, 'it says nothing that could stand in: give it maxStale, field or value');
  return { coordinate, on: triggers, value, field: field ?? undefined, maxStaleMs };
}
