import type { Answer } from '../support/engines/Engine.js';
import type { TestOperation } from './generate/OperationSpec.js';

export interface Difference {
  readonly operation: TestOperation;
  readonly truth: Answer;
  readonly answer: Answer;
}

/** A difference between Portico and the merged schema that the random test passes over, with its smallest case. */
export interface AcceptedDifference {
  readonly title: string;
  /** `accepted`: we stand by it. `defect`: it is to be repaired; the entry goes with it. */
  readonly kind: 'accepted' | 'defect';
  readonly graph: string;
  /** Recognises the differences that are of this kind. */
  readonly covers: (difference: Difference) => boolean;
  /** The smallest operation that shows it. A test runs it, so that the entry goes when the difference goes. */
  readonly example: { readonly query: string; readonly variables?: Readonly<Record<string, unknown>> };
  readonly reason: string;
}

const hasCode = ({ errors }: Answer, code: string): boolean => errors.some((error) => error.code === code);

export const accepted: readonly AcceptedDifference[] = [
  {
    title: 'a union inside an interface object cannot be planned',
    kind: 'defect',
    graph: 'media',
    covers: ({ answer }) => hasCode(answer, 'QUERY_PLANNING_FAILED'),
    example: { query: '{ topMedia { ... on Shelf { __typename } } }' },
    reason: 'Apollo’s planner throws ("We should have an edge from Media(scores) for __typename").',
  },
  {
    title: 'a chain of @requires between two interface objects cannot be planned',
    kind: 'defect',
    graph: 'refused',
    covers: ({ answer }) => hasCode(answer, 'QUERY_PLANNING_FAILED'),
    example: { query: '{ nodes { two } }' },
    reason: 'Apollo’s planner throws ("Cannot add selection of field Node.__typename").',
  },
  {
    title: '@requires behind a key of which a part is an entity of other subgraphs cannot be planned',
    kind: 'defect',
    graph: 'refused',
    covers: ({ answer }) => hasCode(answer, 'QUERY_PLANNING_FAILED'),
    example: { query: '{ bids { won } }' },
    reason: 'Apollo’s planner takes the place of the key’s part for that of the entity, and throws.',
  },
];
