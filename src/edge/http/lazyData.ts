import { inspect } from 'node:util';

import type { AnswerData } from '../../engine/respond/AnswerData.js';

type Data = Record<string, unknown>;
/** Asked of an answer's `data`, gives its AnswerData as long as nobody has looked inside. */
const untouched = Symbol('portico.untouched');

/**
 * `data` for Apollo Server and its plugins: an object like any other that is parsed when somebody first looks inside.
 *
 * A proxy rather than an object with accessors for the root fields: the root fields of an answer depend on `@skip`, `@include`
 * and type conditions, and a deleted or added field must be noticed. Once touched it is an ordinary object, and the text is void.
 */
export function lazyData(answer: AnswerData, parse: (text: string) => unknown): Data {
  return new Proxy(Object.create(lazyPrototype) as Data, new LazyHandler(answer, parse));
}

/** What is behind `data`; undefined when it is an ordinary object, or one that somebody has looked into. */
export function untouchedData(data: object): AnswerData | undefined {
  return (data as { [untouched]?: AnswerData })[untouched];
}

/** So that `console.log(data)` shows the data and not an empty object; otherwise without a prototype, as graphql-js makes it. */
const lazyPrototype: object = Object.create(null, {
  [inspect.custom]: {
    value(this: Data) {
      return { ...this };
    },
  },
}) as object;

/** Every trap fills the target first and then does what it would do anyway. */
class LazyHandler implements ProxyHandler<Data> {
  #answer: AnswerData | undefined;
  readonly #parse: (text: string) => unknown;

  constructor(answer: AnswerData, parse: (text: string) => unknown) {
    this.#answer = answer;
    this.#parse = parse;
  }

  get(target: Data, key: string | symbol): unknown {
    if (key === untouched) return this.#answer;
    return Reflect.get(this.#filled(target), key);
  }
  set(target: Data, key: string | symbol, value: unknown): boolean {
    return Reflect.set(this.#filled(target), key, value);
  }
  has(target: Data, key: string | symbol): boolean {
    return Reflect.has(this.#filled(target), key);
  }
  deleteProperty(target: Data, key: string | symbol): boolean {
    return Reflect.deleteProperty(this.#filled(target), key);
  }
  defineProperty(target: Data, key: string | symbol, attributes: PropertyDescriptor): boolean {
    return Reflect.defineProperty(this.#filled(target), key, attributes);
  }
  ownKeys(target: Data): Array<string | symbol> {
    return Reflect.ownKeys(this.#filled(target));
  }
  getOwnPropertyDescriptor(target: Data, key: string | symbol): PropertyDescriptor | undefined {
    return Reflect.getOwnPropertyDescriptor(this.#filled(target), key);
  }
  preventExtensions(target: Data): boolean {
    return Reflect.preventExtensions(this.#filled(target));
  }

  #filled(target: Data): Data {
    const answer = this.#answer;
    if (answer !== undefined) {
      this.#answer = undefined;
      const parsed = this.#parse(answer.text) as Data;
      // defineProperty: a root field may be called `__proto__`.
      for (const [key, value] of Object.entries(parsed)) {
        Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
      }
    }
    return target;
  }
}
