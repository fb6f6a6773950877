import { isJsonObject } from '../../base/kit/isJsonObject.js';
import type { SubgraphReply } from '../../upstream/SubgraphClient.js';

import type { EntitySelection, EntityTarget } from './entityParts.js';
import type { Fault } from './Faults.js';
import type { JsonObject } from './json.js';
import { markShared } from './markShared.js';
import { applyOutputRewrites, rewrittenPath } from './outputRewrites.js';
import type { PossibleTypes } from './representation.js';
import type { LoadedEntity, Run } from './Run.js';
import { copyJoint, copySpine, dropStrays, mergeInto } from './Shape.js';
import type { Shape } from './Shape.js';
import { malformed, placeByPath } from './subgraphFaults.js';
import type { Targets } from './targets.js';

/** The entities of one `_entities` list in one execution: equal representations are asked once. */
export class EntityBatch {
  readonly selection: EntitySelection;
  readonly #isObjectType: (name: string) => boolean;
  readonly #byText = new Map<string, LoadedEntity>();
  /** What is asked for, in the order sent. */
  readonly #asked: LoadedEntity[] = [];
  #reasons: Map<readonly Fault[], readonly Fault[]> | undefined;

  constructor(selection: EntitySelection, isObjectType: (name: string) => boolean) {
    this.selection = selection;
    this.#isObjectType = isObjectType;
  }

  get size(): number {
    return this.#asked.length;
  }

  get asks(): boolean {
    return this.#asked.length > 0;
  }

  /** Takes in the objects found at one place. */
  collect(run: Run, target: EntityTarget, { objects, holders, slots }: Targets): void {
    const seen = run.sharing ? new Set<JsonObject>() : undefined;
    const faults = run.faults.isEmpty ? undefined : run.faults;
    const interned =
      target.internAt < 0 ? undefined : (run.interned[target.internAt] ??= new Map<string, JsonObject>());
    for (let i = 0; i < objects.length; i++) {
      const object = objects[i]!;
      if (seen !== undefined) {
        if (seen.has(object)) continue;
        seen.add(object);
      }
      const text = target.represent(object, faults);
      if (text === undefined) continue;
      if (typeof text !== 'string') {
        // An input that failed explains why what depends on it is null; one that is merely absent leaves a null.
        const causes = run.faults.at(text.owner, text.key);
        if (causes !== undefined) this.#explainAt(run, this.#asReasons(causes), object);
        continue;
      }
      // An object with an error of its own stays: the error has a path of its own.
      if (interned !== undefined && !run.faults.has(object)) {
        const same = interned.get(text);
        if (same === undefined) interned.set(text, object);
        else if (same !== object) {
          (holders[i] as Record<string | number, unknown>)[slots[i]!] = same;
          run.shared.add(same);
          run.sharing = true;
          continue;
        }
      }
      const wanted = this.#byText.get(text);
      if (wanted === undefined) this.#byText.set(text, { text, objects: [object], call: undefined, entity: undefined });
      else wanted.objects.push(object);
    }
  }

  /**
   * Takes what this request has loaded already, and joins what another fetch of it is loading now: each entity is asked once.
   *
   * @param pending gets the calls that must be waited for
   */
  recall(run: Run, pending: Array<Promise<void>>): void {
    const { loadedAt } = this.selection;
    const loaded = loadedAt < 0 ? undefined : (run.loaded[loadedAt] ??= new Map<string, LoadedEntity>());
    for (const wanted of this.#byText.values()) {
      const known = loaded?.get(wanted.text);
      if (known === undefined) {
        this.#asked.push(wanted);
        loaded?.set(wanted.text, wanted);
        continue;
      }
      run.sharing = true;
      if (known.entity !== undefined) {
        this.#extend(run, wanted.objects, known.entity, true);
        if (run.faults.everHad(known.objects[0]!)) this.#explainAlike(run, known.objects[0]!, wanted.objects);
      } else if (known.call === undefined) this.#asked.push(wanted);
      else {
        for (const object of wanted.objects) known.objects.push(object);
        pending.push(known.call);
      }
    }
  }

  /** What is asked for is on its way. */
  sent(call: Promise<void>): void {
    for (const wanted of this.#asked) wanted.call = call;
  }

  representations(): string {
    const asked = this.#asked;
    let text = '';
    for (let i = 0; i < asked.length; i++) text += i === 0 ? asked[i]!.text : `,${asked[i]!.text}`;
    return text;
  }

  merge(run: Run, list: readonly unknown[], isShared: boolean, possible: PossibleTypes, subgraph: string): void {
    const { selection } = this;
    for (let i = 0; i < list.length; i++) {
      const wanted = this.#asked[i]!;
      let entity = list[i];
      const { objects } = wanted;
      // Not found: nullable fields are null without an error, the others are completion errors.
      if (entity === null) {
        wanted.entity = null;
        continue;
      }
      if (!isJsonObject(entity) || !this.#isOfKnownType(entity, wanted)) {
        const fault = malformed(
          subgraph,
          isJsonObject(entity) ? 'an entity of another type than asked for' : 'an entity that is not an object',
        );
        run.faults.add(fault);
        for (const object of objects) this.#explainAt(run, [fault], object);
        this.#forget(run, wanted);
        continue;
      }
      if (isShared) entity = copySpine(entity, selection.shape) as JsonObject;
      if (selection.outputRewrites.length > 0) applyOutputRewrites(entity, selection.outputRewrites, possible);
      if (selection.shape.mayStray) dropStrays(entity, selection.shape);
      wanted.entity = entity as JsonObject;
      this.#extend(run, objects, wanted.entity, false);
    }
  }

  /** Keeps what came, for the day when nothing does. */
  remember(run: Run, reply: SubgraphReply): void {
    const { lastGood } = this.selection;
    if (lastGood?.admits(run, reply) !== true) return;
    for (const { text, entity } of this.#asked) if (entity) lastGood.keep(run, text, entity);
  }

  /** A failed entity may be asked again by a later fetch of the plan. */
  #forget(run: Run, wanted: LoadedEntity): void {
    if (this.selection.loadedAt >= 0) run.loaded[this.selection.loadedAt]?.delete(wanted.text);
  }

  /** @param isKnown whether other objects hold parts of the entity already */
  #extend(run: Run, objects: readonly JsonObject[], entity: JsonObject | null, isKnown: boolean): void {
    if (entity === null) return;
    const { shape, isolate } = this.selection;
    if ((isKnown || objects.length > 1) && !isolate) markShared(run, entity, shape);
    const typename = entity['__typename'];
    for (let i = 0; i < objects.length; i++) {
      const object = objects[i]!;
      // The name of an interface is provisional (interface objects): the first object type named takes its place.
      if (typename !== undefined && !this.#isKnown(object['__typename'])) object['__typename'] = typename;
      const own = isolate && i > 0 ? structuredClone(entity) : (copyJoint(entity, shape) as JsonObject);
      mergeInto(object, own, shape);
    }
  }

  #isKnown(typename: unknown): boolean {
    return typeof typename === 'string' && this.#isObjectType(typename);
  }

  /** Whether an entity is what it was asked for as, where it says so. What an interface object's subgraph calls it is ignored. */
  #isOfKnownType(entity: JsonObject, wanted: LoadedEntity): boolean {
    const typename = entity['__typename'];
    if (typename === undefined) return true;
    if (typeof typename !== 'string') return false;
    const known = wanted.objects[0]!['__typename'];
    return (
      typename === known || !this.#isKnown(known) || !wanted.text.includes(`"__typename":${JSON.stringify(known)}`)
    );
  }

  /** The faults explain every field of this selection that has no value. */
  explain(run: Run, faults: readonly Fault[]): void {
    for (const wanted of this.#asked) {
      for (const object of wanted.objects) this.#explainAt(run, faults, object);
      if (wanted.entity === undefined) this.#forget(run, wanted);
    }
  }

  /** Faults of an input as reasons for what depends on it. One list for each list: it may explain ten thousand objects. */
  #asReasons(faults: readonly Fault[]): readonly Fault[] {
    const known = (this.#reasons ??= new Map());
    let reasons = known.get(faults);
    if (reasons === undefined)
      known.set(faults, (reasons = faults.map((fault) => (fault.exact ? asReason(fault) : fault))));
    return reasons;
  }

  #explainAt(run: Run, faults: readonly Fault[], object: JsonObject): void {
    for (const key of this.selection.shape.keys) run.faults.placeAll(faults, object, key);
  }

  /** What was known to be wrong with an entity is wrong wherever it stands. */
  #explainAlike(run: Run, known: JsonObject, objects: readonly JsonObject[]): void {
    for (const key of this.selection.shape.keys) {
      const faults = run.faults.everAt(known, key);
      if (faults !== undefined) for (const object of objects) run.faults.placeAll(faults, object, key);
    }
  }

  /** @param path as the subgraph sent it: alias, index of the entity, then steps inside it */
  place(run: Run, fault: Fault, path: ReadonlyArray<string | number>): void {
    const wanted = typeof path[1] === 'number' ? this.#asked[path[1]] : undefined;
    if (wanted === undefined) {
      fault.exact = false;
      this.explain(run, [fault]);
      return;
    }
    const inner = rewrittenPath(path.slice(2), this.selection.outputRewrites);
    const [first] = inner;
    // An entity that its error has nulled: the error stands at its own place and explains the others, without being told twice.
    const told = isKnownField(this.selection.shape, first) && wanted.entity == null ? toldElsewhere(fault) : undefined;
    for (const object of wanted.objects) {
      if (told !== undefined) this.#explainAt(run, [told], object);
      if (first === undefined) {
        fault.exact = false;
        this.#explainAt(run, [fault], object);
      } else if (Object.hasOwn(object, first)) placeByPath(run.faults, fault, object, inner);
      else if (isKnownField(this.selection.shape, first)) {
        fault.rest = inner.slice(1);
        run.faults.place(fault, object, String(first));
      } else {
        fault.exact = false;
        this.#explainAt(run, [fault], object);
      }
    }
  }
}

function isKnownField(shape: Shape, first: string | number | undefined): boolean {
  return typeof first === 'string' && shape.fields.has(first);
}

/** The fault as the reason of another null: told there unless it was told already. */
function asReason(fault: Fault): Fault {
  const { rest: _, ...reason } = fault;
  return { ...reason, exact: false };
}

/** The fault as an explanation only. */
function toldElsewhere(fault: Fault): Fault {
  return { ...fault, exact: false, telling: { ...fault.telling, count: 1 } };
}
