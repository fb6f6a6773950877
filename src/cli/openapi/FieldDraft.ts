import type { OutputType } from './OutputTypes.js';

/** A field of Query or Mutation, with its connector. */
export interface FieldDraft {
  readonly root: 'Query' | 'Mutation';
  readonly name: string;
  readonly description: string | undefined;
  readonly deprecated: boolean;
  readonly arguments: readonly ArgumentDraft[];
  readonly type: string;
  /** `GET: "/pets/{$args.id}"` */
  readonly method: string;
  readonly url: string;
  readonly queryParams: string | undefined;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  readonly body: string | undefined;
  readonly selection: string;
  /** The type that this field finds by its key. */
  readonly entity: OutputType | undefined;
}

export interface ArgumentDraft {
  readonly name: string;
  readonly type: string;
  readonly description: string | undefined;
}
