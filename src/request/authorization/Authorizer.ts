import { LRUCache } from 'lru-cache';

import { createIntrospection } from '../../engine/operation/introspection.js';
import type { Introspect } from '../../engine/operation/introspection.js';
import type { Operation } from '../../engine/operation/Operation.js';
import type { Supergraph } from '../../supergraph/model/Supergraph.js';
import type { RequestContext } from '../context.js';

import type { Access, Term } from './Access.js';
import { compileGates, gateKey } from './compileGates.js';
import type { Gates } from './compileGates.js';
import { GateKeeper } from './GateKeeper.js';
import type { Verdict } from './GateKeeper.js';
import type { Policies } from './Policies.js';
import type { RefusedPlace } from './refusedPlaces.js';
import type { RefusalLog } from './RefusalLog.js';
import { visibleSchema } from './visibleSchema.js';

export interface AuthorizerOptions {
  /** Whether the anonymous get nothing at all. */
  readonly requiresAuthentication: boolean;
  readonly mode: 'filter' | 'reject';
  readonly isDryRun: boolean;
  /** Where the client finds refusals. */
  readonly response: 'errors' | 'extensions' | 'disabled';
  /** Demands of whoever asks for the schema. */
  readonly introspectionTerms: readonly Term[];
  /** Whether introspection leaves out what the caller may not have. */
  readonly filtersIntrospection: boolean;
}

/** What a caller sees of the schema. */
export interface SchemaView {
  /** Equal views have equal keys; empty for all of it. */
  readonly key: string;
  /** Absent for all of it. */
  readonly introspect: Introspect | undefined;
}

const WHOLE: SchemaView = Object.freeze({ key: '', introspect: undefined });
/** Views kept; each is a schema. */
const MAX_VIEWS = 16;
const NO_VARIABLES = Object.freeze({});

/** Who may have what of one supergraph: the rules, and those who decide. Belongs to one generation. */
export class Authorizer {
  readonly options: AuthorizerOptions;
  readonly #supergraph: Pick<Supergraph, 'apiSchema'>;
  readonly #access: Access;
  readonly #policies: Policies;
  readonly #log: RefusalLog | undefined;
  readonly #views = new LRUCache<string, SchemaView>({ max: MAX_VIEWS });
  readonly #introspectionKeeper: GateKeeper;
  #viewKeeper: GateKeeper | undefined;

  /** @param log absent: nobody is told */
  constructor(
    options: AuthorizerOptions,
    supergraph: Pick<Supergraph, 'apiSchema'>,
    access: Access,
    policies: Policies,
    log: RefusalLog | undefined,
  ) {
    this.options = options;
    this.#supergraph = supergraph;
    this.#access = access;
    this.#policies = policies;
    this.#log = log;
    this.#introspectionKeeper = new GateKeeper(oneGate(options.introspectionTerms), policies);
  }

  /** What decides about an operation; undefined when it demands nothing. */
  gateKeeperOf(operation: Operation): GateKeeper | undefined {
    if (this.#access.isOpen) return undefined;
    const gates = compileGates(operation, this.#access, this.#supergraph.apiSchema);
    return gates && new GateKeeper(gates, this.#policies);
  }

  /** What the caller may read of the schema; undefined for nothing. Never rejects. */
  async view(context: RequestContext): Promise<SchemaView | undefined> {
    const verdict = await this.#introspectionKeeper.judge(context, NO_VARIABLES);
    if (verdict.key !== '') return undefined;
    if (!this.options.filtersIntrospection || this.#access.isOpen) return WHOLE;
    const { apiSchema } = this.#supergraph;
    this.#viewKeeper ??= new GateKeeper(gatesOfSchema(this.#access, apiSchema), this.#policies, true);
    const { gates } = this.#viewKeeper;
    const { key, isClosed } = await this.#viewKeeper.judge(context, NO_VARIABLES);
    if (key === '') return WHOLE;
    let view = this.#views.get(key);
    if (view === undefined) {
      const seen = visibleSchema(apiSchema, (type, field) => {
        const gate = gates.gateOf.get(gateKey(type, field));
        return gate === undefined || !isClosed(gate);
      });
      this.#views.set(key, (view = { key, introspect: createIntrospection(seen) }));
    }
    return view;
  }

  /** Whether another caller may see another part of the schema. */
  viewsDiffer(view: SchemaView | undefined): boolean {
    return view !== undefined && (this.options.filtersIntrospection || this.options.introspectionTerms.length > 0);
  }

  /** Tells the log. */
  report(places: readonly RefusedPlace[], { gates }: GateKeeper, { isClosed }: Verdict, context: RequestContext): void {
    if (this.#log === undefined) return;
    const { mode, isDryRun } = this.options;
    const { requestId, identity, trace } = context;
    const outcome = isDryRun ? 'dry_run' : mode === 'reject' ? 'rejected' : 'refused';
    for (const [coordinate, gate] of new Map(
      places.map((place) => [place.coordinate, gates.gateOf.get(place.gateKey)]),
    )) {
      const rules =
        gate === undefined || !isClosed(gate) ? [] : gates.gates[gate]!.map((i) => inWords(gates.terms[i]!.term));
      const { kind, subject } = identity;
      this.#log.tell({
        requestId,
        outcome,
        coordinate,
        rules,
        identity: kind,
        subject,
        operationName: trace.operationName,
      });
    }
  }
}

function inWords({ demand }: Term): string {
  if (demand.kind === 'authenticated') return demand.kind;
  return `${demand.kind} ${demand.anyOf.map((group) => group.join('+')).join(' or ')}`;
}

function oneGate(terms: readonly Term[]): Gates {
  return {
    terms: terms.map((term) => ({ term, argumentsWith: undefined })),
    gates: [terms.map((_, i) => i)],
    gateOf: new Map(),
  };
}

/** A gate for each field of a schema that demands something. */
function gatesOfSchema(access: Access, schema: Supergraph['apiSchema']): Gates {
  const terms = new Map<Term, number>();
  const gates: number[][] = [];
  const gateOf = new Map<string, number>();
  for (const type of Object.values(schema.getTypeMap())) {
    if (!('getFields' in type) || type.name.startsWith('__')) continue;
    for (const field of Object.keys(type.getFields())) {
      const demanded = access.termsOf(type.name, field);
      if (demanded.length === 0) continue;
      const indices = demanded.map((term) => {
        if (!terms.has(term)) terms.set(term, terms.size);
        return terms.get(term)!;
      });
      gateOf.set(gateKey(type.name, field), gates.push(indices) - 1);
    }
  }
  return { terms: [...terms.keys()].map((term) => ({ term, argumentsWith: undefined })), gates, gateOf };
}
