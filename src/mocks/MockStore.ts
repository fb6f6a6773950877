import { entityIdentity } from './MockObject.js';
import type { EntityName } from './MockObject.js';

/** What mutations have changed in a world. */
export class MockStore {
  readonly #changes = new Map<string, Record<string, unknown>>();
  readonly #deleted = new Set<string>();
  /** By family; newest first, after those that were there from the beginning. */
  readonly #created = new Map<string, EntityName[]>();
  #count = 0;

  /** Adds an entity. `newest`: lists begin with it. */
  create(entity: EntityName, fields: Readonly<Record<string, unknown>>, newest: boolean): void {
    const { name } = entity.family;
    const list = this.#created.get(name) ?? [];
    const others = list.filter(({ ordinal }) => ordinal !== entity.ordinal);
    this.#created.set(name, newest ? [entity, ...others] : [...others, entity]);
    this.update(entity, fields);
  }

  update(entity: EntityName, fields: Readonly<Record<string, unknown>>): void {
    const identity = entityIdentity(entity);
    this.#deleted.delete(identity);
    this.#changes.set(
      identity,
      Object.assign(Object.create(null) as Record<string, unknown>, this.#changes.get(identity), fields),
    );
  }

  delete(entity: EntityName): void {
    this.#deleted.add(entityIdentity(entity));
  }

  isDeleted(entity: EntityName): boolean {
    return this.#deleted.size > 0 && this.#deleted.has(entityIdentity(entity));
  }

  /** The changed fields of an entity. */
  changesOf(identity: string): Readonly<Record<string, unknown>> | undefined {
    return this.#changes.get(identity);
  }

  createdOf(family: string): readonly EntityName[] {
    return this.#created.get(family) ?? [];
  }

  /** A number that no entity of this store has had. */
  nextNumber(): number {
    return ++this.#count;
  }
}
