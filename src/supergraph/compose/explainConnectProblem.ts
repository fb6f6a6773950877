import type { ConnectProblem } from '../connect/ConnectProblem.js';
import { placeInString } from '../connect/stringPlace.js';
import type { CompositionProblem, ProblemPlace } from './problems.js';

/** A problem with a connector as one of composition. @param files by subgraph */
export function explainConnectProblem(
  subgraph: string,
  problem: ConnectProblem,
  files: ReadonlyMap<string, string>,
): CompositionProblem {
  const { code, message } = problem;
  return { severity: 'error', code, message: `[${subgraph}] ${message}`, places: placesOf(subgraph, problem, files) };
}

function placesOf(
  subgraph: string,
  { node, offset }: ConnectProblem,
  files: ReadonlyMap<string, string>,
): readonly ProblemPlace[] {
  const { loc } = node;
  if (loc === undefined) return [];
  const inside = offset === undefined || node.kind !== 'StringValue' ? undefined : placeInString(node, offset);
  const { line, column } = inside ?? loc.startToken;
  return [{ subgraph, file: files.get(subgraph) ?? subgraph, line, column }];
}
