import { entityIdentity } from './MockObject.js';
import type { MockObject } from './MockObject.js';
import { isMockObject } from './MockObject.js';
import type { MockContext } from './mockSubgraph.js';
import type { World } from './World.js';

/** Mock objects as mock functions and resolvers see them: with fields to read. */
export class ObjectViews {
  readonly #world: World;
  readonly #objects = new WeakMap<object, MockObject>();

  constructor(world: World) {
    this.#world = world;
  }

  /**
   * What is known of it are its own properties; every other field without arguments is made up when it is read, in the subgraph that
   * has it.
   */
  of(object: MockObject, context: MockContext): object {
    const world = this.#world;
    const known: Record<string, unknown> = { __typename: object.member };
    if (object.entity !== undefined) {
      for (const path of object.entity.family.paths) {
        if (!path.includes('.')) known[path] = world.names.keyValue(object.entity, path);
      }
      Object.assign(known, world.store.changesOf(entityIdentity(object.entity)));
    }
    Object.assign(known, object.inputs, { __typename: object.member });
    const { given } = object;
    for (const name of given === undefined ? [] : Object.keys(given))
      known[name] = (given as Record<string, unknown>)[name];
    const view = new Proxy(known, {
      get: (target, name) => {
        if (typeof name === 'symbol' || Object.hasOwn(target, name)) return Reflect.get(target, name) as unknown;
        const place = world.graph.places(object.member, name)[0];
        if (place === undefined) return Reflect.get(given ?? target, name) as unknown;
        const { subgraph, field, type } = place;
        const asked = { ...object, local: type };
        return this.#shown(world.read({ subgraph, object: asked, field, args: {}, context }), context);
      },
    });
    this.#objects.set(view, object);
    return view;
  }

  /** Whose view it is. */
  objectOf(view: object): MockObject | undefined {
    return this.#objects.get(view);
  }

  #shown(value: unknown, context: MockContext): unknown {
    if (Array.isArray(value)) return value.map((item) => this.#shown(item, context));
    if (value instanceof Promise) return value.then((one) => this.#shown(one, context));
    return isMockObject(value) ? this.of(value, context) : value;
  }
}
