import { Kind } from 'graphql';
import type { DocumentNode, FragmentDefinitionNode, GraphQLError, OperationDefinitionNode } from 'graphql';

import type { ErrorCode } from '../../base/errors/codes.js';
import { MAX_NESTING, checkSource, checkTokens } from './checkSource.js';
import { countFieldPairs } from './countFieldPairs.js';
import { measureDefinition } from './measureSelections.js';
import type { Extent } from './measureSelections.js';
import { orderFragments } from './orderFragments.js';
import { requestError } from './requestError.js';

/**
 * What one document may ask for. Counted on the expanded operation: a fragment counts as often as it is spread, so that fragments
 * hide nothing. A document exactly at a limit is accepted. Names follow Apollo Router's `limits.*`.
 */
export interface OperationLimits {
  /** Of the source text. Bounds lexing and the look-up of error positions, both linear in it. Default 250,000. */
  readonly maxCharacters: number;
  /** Lexical tokens, comments excluded. Give it to the parser too (`parse(text, { maxTokens })`). Default 5000. */
  readonly maxTokens: number;
  /** Fields, inline fragments and spreads of all operations of the document together, expanded. Default 20,000. */
  readonly maxSelections: number;
  /** Fields inside one another; fragments add nothing, introspection is counted by `maxIntrospectionDepth`. Default 15. */
  readonly maxDepth: number;
  /** Fields of an operation, those of one response name in one selection set counted once. Default: no limit. */
  readonly maxHeight: number;
  /** Aliased fields of an operation, `__typename` included. Default 30. */
  readonly maxAliases: number;
  /** Fields at the root of an operation, repeated ones counted again. Default 20. */
  readonly maxRootFields: number;
  /** Directives of the whole document as written, and of each operation as expanded. Default 50. */
  readonly maxDirectives: number;
  /** Fields inside one another from `__schema` or `__type` on. Default 15, what the standard introspection query needs. */
  readonly maxIntrospectionDepth: number;
  /** Items asked for in one slicing argument of `@listSize`. Depends on variables: see request/demand.ts. Default: no limit. */
  readonly maxListSize: number;
  /** Whether depth, height, aliases, root fields, directives and list sizes beyond their limits are told and pass. Default false. */
  readonly warnOnly: boolean;
}

export const DEFAULT_LIMITS: OperationLimits = {
  maxCharacters: 250_000,
  maxTokens: 5000,
  maxSelections: 20_000,
  maxDepth: 15,
  maxHeight: Infinity,
  maxAliases: 30,
  maxRootFields: 20,
  maxDirectives: 50,
  maxIntrospectionDepth: 15,
  maxListSize: Infinity,
  warnOnly: false,
};

/** `fields`, `interfaces`, `possibleTypes`, `inputFields` inside one another; graphql-js's MaxIntrospectionDepthRule allows as many. */
const MAX_INTROSPECTION_LISTS = 2;
/** The same directive at one place. None that is repeatable on a query is known to us. */
const MAX_SAME_DIRECTIVE = 8;
/**
 * Pairs of fields with one response name at one place: what validation compares (OverlappingFieldsCanBeMerged is pairwise). 50,000
 * pairs cost it about 17 ms (bench/hostileDocuments.ts); graphql-js's own budget stops at 250,000, after 60 to 140 ms.
 */
const MAX_FIELD_PAIRS = 50_000;
/** Larger counts are not told. */
const COUNTED_UP_TO = 1_000_000;

/**
 * Refuses a document that would cost too much to validate, plan or execute. Runs on any parsed document, before validation: fragments
 * may be undefined, unused, duplicated or cyclic. Linear in the document, apart from the last step, which walks the expansion and
 * only runs when that is known to be small. Never recurses deeper than the parser did.
 *
 * Fragments that reach themselves are refused here, in validation's words: graphql-js would repeat every name of every cycle,
 * 66 MB for a request of 2 MB.
 *
 * @param warn told of what passes under `warnOnly` alone
 * @returns the one error to answer with (status 400), or undefined when the document is within all limits
 */
export function checkLimits(
  document: DocumentNode,
  limits: OperationLimits,
  warn: Warn = () => {},
): GraphQLError | undefined {
  return checkText(document, limits) ?? checkExpansion(document, limits, warn);
}

type Warn = (error: GraphQLError) => void;

function checkText({ loc }: DocumentNode, limits: OperationLimits): GraphQLError | undefined {
  if (loc === undefined) return undefined;
  return checkSource(loc.source.body, limits.maxCharacters) ?? checkTokens(loc.startToken, limits.maxTokens);
}

function checkExpansion(document: DocumentNode, limits: OperationLimits, warn: Warn): GraphQLError | undefined {
  const operations: OperationDefinitionNode[] = [];
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.OPERATION_DEFINITION) operations.push(definition);
    if (definition.kind !== Kind.FRAGMENT_DEFINITION) continue;
    const name = definition.name.value;
    // Validation would say the same, after it has looked at both.
    if (fragments.has(name)) return invalid(`There can be only one fragment named "${name}".`);
    fragments.set(name, definition);
  }
  const { ordered, cyclic, unspread } = orderFragments(operations, fragments);
  if (cyclic !== undefined) return invalid(`Cannot spread fragment "${cyclic}" within itself.`);

  const extents = new Map<string, Extent>();
  for (const fragment of ordered) extents.set(fragment.name.value, measureDefinition(fragment, extents));
  const measured = operations.map((operation) => measureDefinition(operation, extents));
  let directives = 0;
  for (const extent of [...measured, ...extents.values()]) directives += extent.ownDirectives;
  // Nobody executes a fragment that nothing spreads, but validation looks at it.
  let selections = 0;
  for (const extent of measured) selections += extent.selections;
  for (const fragment of unspread) selections += extents.get(fragment.name.value)!.selections;
  const { maxSelections, maxDirectives } = limits;
  const overall =
    over(
      'MAX_SELECTIONS_EXCEEDED',
      'document',
      selections,
      maxSelections,
      'selections after expanding its fragments',
    ) ?? softened(over('MAX_DIRECTIVES_EXCEEDED', 'document', directives, maxDirectives, 'directives'), limits, warn);
  if (overall !== undefined) return overall;
  for (const extent of measured) {
    const error = softened(checkAsked(extent, limits), limits, warn) ?? checkExtent(extent, limits);
    if (error !== undefined) return error;
  }
  for (const { nesting } of [...measured, ...extents.values()]) {
    const error = over('MAX_DEPTH_EXCEEDED', 'document', nesting, MAX_NESTING, 'levels of selections');
    if (error !== undefined) return error;
  }

  let pairs = 0;
  for (const { selectionSet } of [...operations, ...unspread]) {
    pairs += countFieldPairs(selectionSet, fragments, MAX_FIELD_PAIRS);
    if (pairs > MAX_FIELD_PAIRS) {
      return requestError('MAX_SELECTIONS_EXCEEDED', 'The document selects the same fields too often in one place');
    }
  }
  return undefined;
}

/** Nothing where it is only to be told. */
function softened(
  error: GraphQLError | undefined,
  { warnOnly }: OperationLimits,
  warn: Warn,
): GraphQLError | undefined {
  if (error === undefined || !warnOnly) return error;
  warn(error);
  return undefined;
}

/** How much is asked for: what an operator may want to watch first. */
function checkAsked(extent: Extent, limits: OperationLimits): GraphQLError | undefined {
  const check = (code: ErrorCode, count: number, limit: number, what: string): GraphQLError | undefined =>
    over(code, 'operation', count, limit, what);
  return (
    check('MAX_ALIASES_EXCEEDED', extent.aliases, limits.maxAliases, 'aliases') ??
    check('MAX_DEPTH_EXCEEDED', extent.depth, limits.maxDepth, 'levels of fields') ??
    check('MAX_HEIGHT_EXCEEDED', extent.height, limits.maxHeight, 'fields') ??
    check('MAX_ROOT_FIELDS_EXCEEDED', extent.topFields, limits.maxRootFields, 'root fields') ??
    check('MAX_DIRECTIVES_EXCEEDED', extent.directives, limits.maxDirectives, 'directives')
  );
}

/** What the gateway itself cannot stand. */
function checkExtent(extent: Extent, limits: OperationLimits): GraphQLError | undefined {
  const check = (code: ErrorCode, count: number, limit: number, what: string): GraphQLError | undefined =>
    over(code, 'operation', count, limit, what);
  return (
    check('MAX_DIRECTIVES_EXCEEDED', extent.sameDirective, MAX_SAME_DIRECTIVE, 'uses of one directive in one place') ??
    check(
      'MAX_INTROSPECTION_DEPTH_EXCEEDED',
      extent.introspectionDepth,
      limits.maxIntrospectionDepth,
      'levels of introspection',
    ) ??
    check(
      'MAX_INTROSPECTION_DEPTH_EXCEEDED',
      extent.introspectionLists,
      MAX_INTROSPECTION_LISTS,
      'introspection lists inside one another',
    )
  );
}

function over(
  code: ErrorCode,
  whose: 'document' | 'operation',
  count: number,
  limit: number,
  what: string,
): GraphQLError | undefined {
  if (count <= limit) return undefined;
  const counted = count > COUNTED_UP_TO ? `more than ${COUNTED_UP_TO}` : String(count);
  return requestError(code, `The ${whose} has ${counted} ${what}, at most ${limit} are allowed`);
}

function invalid(message: string): GraphQLError {
  return requestError('GRAPHQL_VALIDATION_FAILED', message);
}
