import type { GraphQLSchema } from 'graphql';

import { isJsonObject } from '../../../base/kit/isJsonObject.js';
import type { PathStep } from '../../plan/nodes.js';
import type { ParsedFetch } from '../entityText.js';
import type { Fault } from '../Faults.js';
import type { JsonObject } from '../json.js';
import type { Run } from '../Run.js';
import type { Step } from '../Step.js';
import { findTargets } from '../targets.js';
import type { CoveredField, Coverage } from './coverage.js';
import type { FallbackRule } from './FallbackRule.js';
import { firstToReplace } from './faultTrigger.js';
import type { LastGood } from './LastGood.js';
import { materialise } from './materialise.js';
import type { OtherField } from './OtherField.js';

/** Where one fetch brings covered fields to. */
export interface RecoveryPlace {
  readonly path: readonly PathStep[];
  readonly coverage: Coverage;
  readonly parsed: ParsedFetch;
  /** Who an object at the path is, as last good answers are kept by; undefined where nothing is kept. */
  readonly lastGood: LastGood | undefined;
  identify(object: JsonObject): string | undefined;
  /** What to ask in the place of a covered field; undefined for nothing. */
  otherField(covered: CoveredField, rule: FallbackRule, coverage: Coverage): OtherField | undefined;
}

/** A value that is missing because of an error, and what may stand in. */
interface Gap {
  readonly object: JsonObject;
  readonly covered: CoveredField;
  readonly coverage: Coverage;
  readonly rule: FallbackRule;
  readonly typename: string;
  readonly fault: Fault;
}

/**
 * A fetch whose covered fields fall back. Nothing but a look at the run's faults while all goes well.
 *
 * After the fetch, every covered field that is null or absent because of an error gets its stand-in, in the tree, so that later fetches
 * and the projection meet it like any other value. Errors of what was replaced are taken back; what is not covered keeps its own.
 */
export function withRecovery(step: Step, places: readonly RecoveryPlace[], schema: GraphQLSchema): Step {
  const recover = (run: Run): Promise<void> | undefined =>
    run.faults.isEmpty || run.isOver ? undefined : recoverAll(run, places, schema);
  return {
    run(run) {
      const pending = step.run(run);
      return pending === undefined ? recover(run) : pending.then(() => recover(run));
    },
  };
}

async function recoverAll(run: Run, places: readonly RecoveryPlace[], schema: GraphQLSchema): Promise<void> {
  for (const place of places) {
    const found: Gap[] = [];
    const seen = new Set<object>();
    const targets = findTargets(run, place.path).objects;
    for (const object of targets) findGaps(run, object, place.coverage, found, seen);
    let gaps: readonly Gap[] = found;
    if (gaps.length > 0) gaps = await fromLastGood(run, gaps, place);
    if (gaps.length > 0) gaps = await fromOtherFields(run, gaps, place);
    for (const { object, covered, rule, typename, fault } of gaps) {
      if (rule.value === undefined) continue;
      const value = materialise(rule.value, typename, covered.node, { schema, fragments: place.parsed.fragments });
      settle(run, { object, covered, rule, fault }, value, 'value');
    }
  }
}

function findGaps(run: Run, value: unknown, coverage: Coverage, gaps: Gap[], seen: Set<object>): void {
  if (Array.isArray(value)) {
    for (const each of value) findGaps(run, each, coverage, gaps, seen);
    return;
  }
  if (!isJsonObject(value) || seen.has(value)) return;
  seen.add(value);
  const claimed = value['__typename'];
  const typename = typeof claimed === 'string' ? claimed : coverage.typename;
  if (typename !== undefined) {
    for (const covered of coverage.fields) {
      const known = value[covered.key];
      const faults = run.faults.at(value, covered.key);
      if (faults === undefined || (known !== null && known !== undefined)) continue;
      const rule = covered.rules.get(typename);
      const fault = rule && firstToReplace(faults, rule.on);
      if (fault !== undefined) gaps.push({ object: value, covered, coverage, rule: rule!, typename, fault });
    }
  }
  for (const { key, coverage: below } of coverage.below) findGaps(run, value[key], below, gaps, seen);
}

/** Gives the gaps that are left. */
async function fromLastGood(run: Run, gaps: readonly Gap[], place: RecoveryPlace): Promise<readonly Gap[]> {
  const { lastGood } = place;
  if (lastGood === undefined) return gaps;
  const left: Gap[] = [];
  for (const gap of gaps) {
    const { rule, covered, coverage, object } = gap;
    // What lies below is known by its place in a list: no identity to go by.
    const identity = coverage === place.coverage && rule.maxStaleMs !== undefined ? place.identify(object) : undefined;
    const found = identity === undefined ? undefined : await lastGood.find(run, identity);
    const isUsable = found !== undefined && found.ageMs <= rule.maxStaleMs! && Object.hasOwn(found.values, covered.key);
    if (isUsable) settle(run, gap, found.values[covered.key], 'stale', found.ageMs);
    else left.push(gap);
  }
  return left;
}

/** Gives the gaps that are left. */
async function fromOtherFields(run: Run, gaps: readonly Gap[], place: RecoveryPlace): Promise<readonly Gap[]> {
  const groups = new Map<OtherField, Gap[]>();
  for (const gap of gaps) {
    const other = gap.rule.field === undefined ? undefined : place.otherField(gap.covered, gap.rule, gap.coverage);
    if (other === undefined) continue;
    const group = groups.get(other);
    if (group === undefined) groups.set(other, [gap]);
    else group.push(gap);
  }
  if (groups.size === 0 || run.isOver) return gaps;
  const settled = new Set<Gap>();
  await Promise.all(
    [...groups].map(async ([other, group]) => {
      const values = await other.ask(
        run,
        group.map(({ object }) => object),
      );
      group.forEach((gap, i) => {
        if (values[i] === undefined) return;
        settle(run, gap, values[i], 'field');
        settled.add(gap);
      });
    }),
  );
  return gaps.filter((gap) => !settled.has(gap));
}

function settle(
  run: Run,
  { object, covered, rule, fault }: Pick<Gap, 'object' | 'covered' | 'rule' | 'fault'>,
  value: unknown,
  source: 'value' | 'field' | 'stale',
  ageMs?: number,
): void {
  object[covered.key] = value;
  run.faults.absorb(object, covered.key);
  run.degradations.note(rule.coordinate, fault.code, source, ageMs);
}
