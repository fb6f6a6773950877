import { createHash } from 'node:crypto';

import {
  ROUTER_SUPPORTED_SUPERGRAPH_FEATURES,
  Supergraph as ApolloSupergraph,
  errorCauses,
  printSchema,
} from '@apollo/federation-internals';
import { Kind, parse } from 'graphql';
import type { DocumentNode } from 'graphql';

import { PorticoError } from '../../base/errors/PorticoError.js';
import type { Connector } from '../model/Connector.js';
import type { RateLimitRule } from '../model/RateLimitRule.js';
import type { SubgraphInfo, TypeOwners } from '../model/Supergraph.js';
import { joinPrefix } from './links.js';
import { mergeExtensions } from './mergeExtensions.js';
import { readConnectors } from './readConnectors.js';
import { readFieldTypes, readInputDefaults } from './readFieldTypes.js';
import type { FieldTypes, InputDefaults } from './readFieldTypes.js';
import { readOverrideLabels } from './overrideLabels.js';
import { readRateLimits } from './readRateLimits.js';
import { readAskable } from './readAskable.js';
import { readCosts } from './readCosts.js';
import type { CostFacts } from './readCosts.js';
import { readAccess } from './readAccess.js';
import type { AccessFacts } from './readAccess.js';
import { readInputs } from './readInputs.js';
import type { InputFacts } from './readInputs.js';
import { readObjectTypes, readPossibleTypes } from './possibleTypes.js';
import { readFallbacks } from './readFallbacks.js';
import type { WrittenFallback } from './readFallbacks.js';
import { readOwners } from './readOwners.js';
import { refuseFeatures } from './refuseFeatures.js';

/** What the slow part of reading finds out: plain JSON, so that a worker thread can do it. */
export interface SupergraphFacts {
  readonly id: string;
  readonly apiSdl: string;
  readonly subgraphs: readonly SubgraphInfo[];
  readonly overrideLabels: ReadonlyArray<readonly [coordinate: string, label: string]>;
  readonly hiddenOverrideLabels: readonly string[];
  readonly possibleTypes: ReadonlyArray<readonly [abstract: string, names: string[]]>;
  readonly objectTypes: readonly string[];
  readonly fallbacks: readonly WrittenFallback[];
  readonly owners: ReadonlyArray<readonly [type: string, TypeOwners]>;
  readonly rateLimits: ReadonlyArray<readonly [coordinate: string, rules: readonly RateLimitRule[]]>;
  readonly costs: CostFacts;
  readonly askable: ReadonlyArray<readonly [coordinate: string, subgraphs: readonly string[]]>;
  readonly access: AccessFacts;
  readonly inputs: InputFacts;
  readonly connectors: readonly Connector[];
  readonly fieldTypes: FieldTypes;
  readonly inputDefaults: InputDefaults;
}

/** `@defer` is executable and no part of a supergraph; graphql-js 16 does not bring it. */
const deferDefinition = 'directive @defer(label: String, if: Boolean! = true) on FRAGMENT_SPREAD | INLINE_FRAGMENT';

/** Most characters of Apollo's errors that a message repeats. */
const MAX_MESSAGE = 4_000;

/**
 * Checks a supergraph completely and extracts what the gateway needs of it. Synchronous and slow (tens of milliseconds for a
 * small graph, seconds for a large one); see `readSupergraphInWorker`.
 *
 * Throws SUPERGRAPH_INVALID or SUPERGRAPH_FEATURE_UNSUPPORTED.
 */
export function examineSupergraph(sdl: string): SupergraphFacts {
  const document = mergeExtensions(parseSdl(sdl));
  refuseFeatures(document);
  const prefix = joinPrefix(document);
  try {
    const supergraph = ApolloSupergraph.build(document, {
      supportedFeatures: ROUTER_SUPPORTED_SUPERGRAPH_FEATURES,
      validateSupergraph: true,
    });
    // Extraction validates each subgraph: the planner would fail on it later.
    const subgraphs = supergraph.subgraphs().values();
    const connectors = readConnectors(document, prefix);
    const declaredBy = new Map(connectors.map((connector) => [connector.graph, connector.subgraph]));
    const labels = readOverrideLabels(document, prefix);
    return {
      id: createHash('sha256').update(sdl).digest('hex'),
      apiSdl: `${printSchema(supergraph.apiSchema())}\n${deferDefinition}\n`,
      subgraphs: subgraphs.map(({ name, url }) => ({ name, url, declaredBy: declaredBy.get(name) })),
      overrideLabels: labels.byCoordinate,
      hiddenOverrideLabels: labels.hidden,
      possibleTypes: readPossibleTypes(document),
      objectTypes: readObjectTypes(document),
      fallbacks: readFallbacks(document),
      owners: readOwners(document, prefix),
      rateLimits: readRateLimits(document),
      costs: readCosts(document),
      askable: readAskable(document, prefix),
      access: readAccess(document),
      inputs: readInputs(document, connectors),
      connectors,
      fieldTypes: connectors.length === 0 ? [] : readFieldTypes(document),
      inputDefaults: connectors.length === 0 ? [] : readInputDefaults(document),
    };
  } catch (error) {
    if (error instanceof PorticoError) throw error;
    if (!isComposed(document, prefix)) throw invalid(NOT_COMPOSED, error);
    throw invalid(describe(error), error);
  }
}

const NOT_COMPOSED =
  'this is the schema of a service and was not composed (portico compose makes a supergraph of such)';

/** Whether composition has made it: then it says which subgraphs there are. */
function isComposed(document: DocumentNode, prefix: string): boolean {
  return document.definitions.some(
    (node) => node.kind === Kind.ENUM_TYPE_DEFINITION && node.name.value === `${prefix}__Graph`,
  );
}

function parseSdl(sdl: string): DocumentNode {
  const start = sdl.trimStart().slice(0, 200);
  if (start === '') throw invalid('the text is empty');
  if (/^<(!doctype|html|\?xml|head|body)/i.test(start))
    throw invalid('the text is an HTML or XML page, not GraphQL SDL');
  if (start.startsWith('{') && /^\{\s*"/.test(start)) throw invalid('the text is JSON, not GraphQL SDL');
  try {
    return parse(sdl, { noLocation: false });
  } catch (error) {
    throw invalid(describe(error), error);
  }
}

function invalid(why: string, cause?: unknown): PorticoError {
  return new PorticoError('SUPERGRAPH_INVALID', `The supergraph cannot be loaded: ${why}`, { cause });
}

function describe(error: unknown): string {
  const causes = error instanceof Error ? (errorCauses(error) ?? []) : [];
  const text =
    causes.length > 0
      ? causes.map((cause) => `${cause.message}${place(cause)}`).join('; ')
      : error instanceof Error
        ? error.message
        : String(error);
  return text.length > MAX_MESSAGE ? `${text.slice(0, MAX_MESSAGE)} …` : text;
}

function place(error: { readonly locations?: ReadonlyArray<{ line: number; column: number }> | undefined }): string {
  const first = error.locations?.[0];
  return first === undefined ? '' : ` (${first.line}:${first.column})`;
}
