import { ImportNotes } from './ImportNotes.js';
import { InputTypes } from './InputTypes.js';
import type { OpenapiDocument } from './OpenapiDocument.js';
import { HTTP_METHODS } from './OpenapiDocument.js';
import { OperationReader } from './OperationReader.js';
import { OutputTypes } from './OutputTypes.js';
import { readSource } from './readSource.js';
import { SchemaReader } from './SchemaReader.js';
import { TypeNames } from './TypeNames.js';
import { writeSdl } from './writeSdl.js';

export interface ImportOptions {
  /** Of the source. Default: from the document's title. */
  readonly name?: string | undefined;
  /** Of the service. Default: the document's first server. */
  readonly url?: string | undefined;
}

export interface ImportedSdl {
  readonly sdl: string;
  /** What had to be chosen, or was left out. */
  readonly notes: readonly string[];
  /** Fields of Query and Mutation. */
  readonly fieldCount: number;
}

/**
 * An OpenAPI document (3.0 or 3.1, valid, without references to other files) as SDL with connectors: a start that an author goes on with.
 *
 * GET becomes a field of Query, any other method one of Mutation. Fields may be null, since services seldom keep what their documents
 * promise; `id: ID!` is the exception, and a type with one that a GET finds by it is an entity.
 */
export function importOpenapi(document: OpenapiDocument, options: ImportOptions = {}): ImportedSdl {
  const notes = new ImportNotes();
  const source = readSource(document, options, notes);
  const names = new TypeNames(notes);
  const reader = new SchemaReader(document, notes);
  const outputs = new OutputTypes(reader, names, notes);
  const inputs = new InputTypes(reader, names, notes);
  const operations = new OperationReader(document, outputs, inputs, notes);
  const fields = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    HTTP_METHODS.flatMap((method) => {
      const operation = item?.[method];
      const field = operation && operations.read(method, path, item, operation);
      return field === undefined ? [] : [field];
    }),
  );
  const { title = 'an OpenAPI document', version = '' } = document.info ?? {};
  const comment = `Made from ${title} ${version} by \`portico import openapi\`: a start. Change what you like.`;
  const sdl = writeSdl({ source, fields, outputs, inputs, names, comment });
  return { sdl, notes: notes.list, fieldCount: fields.length };
}
