import type { MethodName } from './methods.js';

/** Versions of the Connectors vocabulary, as in `@link(url: "https://specs.apollo.dev/connect/v0.3")`. */
export type ConnectVersion = '0.1' | '0.2' | '0.3';

/** Where something stands in the text: offsets in UTF-16 code units, `end` behind the last. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * A text in the mapping language of Apollo Connectors, read. The language says how a JSON value becomes another: the answer of a REST
 * service the value of a field (`selection`), arguments the body of a request (`body`), and so on.
 *
 * `root` is a path when the whole text is one value without a name (`$.results { id }`, `$args.input`), otherwise a set.
 */
export interface Mapping {
  readonly text: string;
  readonly version: ConnectVersion;
  readonly root: MappingPath | SelectionSet;
}

/** Names with values: makes an object, or a list of objects where its input is a list. */
export interface SelectionSet extends Span {
  readonly kind: 'set';
  readonly items: readonly SelectionItem[];
}

export type SelectionItem = FieldItem | GroupItem | InlineItem;

/** `name`, `name { … }`, `alias: path`. */
export interface FieldItem extends Span {
  readonly kind: 'field';
  /** The alias, or the one key of the path. */
  readonly name: Key;
  readonly aliased: boolean;
  readonly path: MappingPath;
}

/** `alias: { … }`: a new object from what the set around it looks at. */
export interface GroupItem extends Span {
  readonly kind: 'group';
  readonly name: Key;
  readonly set: SelectionSet;
}

/** `some.path { … }` without an alias: its fields join those of the set around it. */
export interface InlineItem extends Span {
  readonly kind: 'inline';
  readonly path: MappingPath;
}

/** From a start over steps to a value, of which `set`, if any, takes parts. */
export interface MappingPath extends Span {
  readonly kind: 'path';
  readonly head: PathHead;
  readonly steps: readonly PathStep[];
  readonly set: SelectionSet | undefined;
}

export type PathHead =
  /** `$`: what the closest set around it looks at; `@`: the input of the closest method around it, or the same as `$`. */
  | (Span & { readonly kind: 'dollar' | 'at' })
  /** `$args` and the like; `name` has the `$`. */
  | (Span & { readonly kind: 'variable'; readonly name: string })
  /** A property of `$` (in the arguments of methods too). */
  | (Span & { readonly kind: 'key'; readonly name: string })
  /** `$( … )` */
  | (Span & { readonly kind: 'expression'; readonly expression: Expression })
  /** `"abc"->first`: a literal that starts a path; within expressions only. */
  | (Span & { readonly kind: 'literal'; readonly literal: Literal });

export type PathStep =
  | (Span & { readonly kind: 'key'; readonly name: string })
  /** `->name(…)`; without parentheses `arguments` is undefined. */
  | (Span & {
      readonly kind: 'method';
      readonly name: MethodName;
      readonly arguments: readonly Expression[] | undefined;
    })
  /** `?`: null counts as missing, and what is missing is no mistake from here on. */
  | (Span & { readonly kind: 'optional' });

export type Expression = MappingPath | Literal | ChainExpression;

/** `a ?? b` takes b when a is null or missing; `a ?! b` when it is missing. One operator a chain. */
export interface ChainExpression extends Span {
  readonly kind: 'chain';
  readonly operator: '??' | '?!';
  /** At least two. */
  readonly operands: readonly Expression[];
}

export type Literal =
  | (Span & { readonly kind: 'string'; readonly value: string })
  /** Integers beyond ±(2^53 - 1) are bigints. `text` is how it was written. */
  | (Span & { readonly kind: 'number'; readonly value: number | bigint; readonly text: string })
  | (Span & { readonly kind: 'constant'; readonly value: boolean | null })
  | (Span & { readonly kind: 'object'; readonly properties: readonly Property[] })
  | (Span & { readonly kind: 'array'; readonly elements: readonly Expression[] });

export interface Property {
  readonly key: Key;
  readonly value: Expression;
}

export interface Key extends Span {
  readonly name: string;
}
