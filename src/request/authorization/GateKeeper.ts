import type { AnyOf } from '../../supergraph/model/AccessRules.js';
import type { VariableValues } from '../../engine/operation/variables.js';
import type { Identity } from '../Identity.js';

import type { BoundTerm, Gates } from './compileGates.js';
import type { Asker, Policies } from './Policies.js';
import type { Question } from './Policy.js';

/** What one caller may not have of one operation. */
export interface Verdict {
  /** A digit per gate, 1 for closed; empty when all are open. Equal verdicts on one operation have equal keys. */
  readonly key: string;
  isClosed(gate: number): boolean;
}

const OPEN: Verdict = Object.freeze({ key: '', isClosed: () => false });

/** Policies of a term, as places among the questions; a negative place is a policy that is taken to say yes. */
type PolicyGroups = ReadonlyArray<readonly number[]>;

const YES = -1;

interface PreparedQuestion {
  readonly policy: string;
  readonly field: string | undefined;
  readonly argumentsWith: BoundTerm['argumentsWith'];
}

/**
 * Decides about the gates of one operation: once per request, before anything is planned. Everything but the caller and the arguments is
 * worked out beforehand.
 *
 * HOT: `judge`, for operations that demand something.
 */
export class GateKeeper {
  readonly gates: Gates;
  readonly #policies: Policies;
  readonly #questions: PreparedQuestion[] = [];
  readonly #places = new Map<string, number>();
  readonly #groups: ReadonlyArray<PolicyGroups | undefined>;

  /** @param blindly take policies that read arguments to say yes: for a look at the schema, where there are none */
  constructor(gates: Gates, policies: Policies, blindly = false) {
    this.gates = gates;
    this.#policies = policies;
    this.#groups = gates.terms.map((bound) => {
      const { demand } = bound.term;
      if (demand.kind !== 'policies') return undefined;
      return demand.anyOf.map((group) => group.map((policy) => this.#place(policy, bound, blindly)));
    });
  }

  /** Gives no promise unless somebody must be waited for. Never rejects. */
  judge(asker: Asker, variables: VariableValues): Verdict | Promise<Verdict> {
    if (this.#questions.length === 0) return this.#verdict(asker.identity, []);
    const asked = this.#questions.map((question) => ask(question, variables));
    const answers = this.#policies.decide(
      asked.filter((question) => question !== undefined),
      asker,
    );
    return answers instanceof Promise
      ? answers.then((all) => this.#verdict(asker.identity, inPlace(asked, all)))
      : this.#verdict(asker.identity, inPlace(asked, answers));
  }

  /** Where the answer about a policy will stand. */
  #place(policy: string, { term, argumentsWith }: BoundTerm, blindly: boolean): number {
    const reads = term.field !== undefined && this.#policies.readsArguments(policy);
    if (reads && blindly) return YES;
    const field = reads ? term.field : undefined;
    const bound = reads ? argumentsWith : undefined;
    // Each occurrence of a field has a function of its own for its arguments.
    const key = JSON.stringify([policy, field ?? null, bound === undefined ? 0 : this.#occurrence(bound)]);
    let place = this.#places.get(key);
    if (place === undefined) {
      place = this.#questions.push({ policy, field, argumentsWith: bound }) - 1;
      this.#places.set(key, place);
    }
    return place;
  }

  #occurrence(argumentsWith: BoundTerm['argumentsWith']): number {
    return this.gates.terms.findIndex((bound) => bound.argumentsWith === argumentsWith) + 1;
  }

  #verdict(identity: Identity, answers: readonly boolean[]): Verdict {
    const { terms, gates } = this.gates;
    const holds: boolean[] = [];
    for (let i = 0; i < terms.length; i++) {
      const { demand } = terms[i]!.term;
      if (demand.kind === 'authenticated') holds.push(identity.kind !== 'anonymous');
      else if (demand.kind === 'scopes') holds.push(hasScopes(identity, demand.anyOf));
      else holds.push(agrees(this.#groups[i] ?? [], answers));
    }
    let key = '';
    let isOpen = true;
    for (const needed of gates) {
      let closed = '0';
      for (const term of needed) if (holds[term] !== true) closed = '1';
      if (closed === '1') isOpen = false;
      key += closed;
    }
    return isOpen ? OPEN : { key, isClosed: (gate) => key[gate] === '1' };
  }
}

/** Undefined for arguments that are none (null where that may not be): there is nothing to decide about, and nobody has said yes. */
function ask({ policy, field, argumentsWith }: PreparedQuestion, variables: VariableValues): Question | undefined {
  try {
    return { policy, field, arguments: argumentsWith?.(variables) };
  } catch {
    return undefined;
  }
}

/** The answers at the places of their questions; what was not asked is a no. */
function inPlace(asked: ReadonlyArray<Question | undefined>, answers: readonly boolean[]): readonly boolean[] {
  if (asked.length === answers.length) return answers;
  let next = 0;
  return asked.map((question) => question !== undefined && answers[next++] === true);
}

function hasScopes({ scopes }: Identity, anyOf: AnyOf): boolean {
  for (const group of anyOf) {
    let hasAll = true;
    for (const scope of group) if (!scopes.has(scope)) hasAll = false;
    if (hasAll) return true;
  }
  return false;
}

function agrees(groups: PolicyGroups, answers: readonly boolean[]): boolean {
  for (const group of groups) {
    let hasAll = true;
    for (const place of group) if (place !== YES && answers[place] !== true) hasAll = false;
    if (hasAll) return true;
  }
  return false;
}
