import { randomUUID } from 'node:crypto';
import { rename, writeFile } from 'node:fs/promises';

import { GraphQLSchema, printSchema } from 'graphql';

import { PorticoError } from '../base/errors/PorticoError.js';
import { compose } from '../supergraph/compose/compose.js';
import { CompositionError } from '../supergraph/compose/CompositionError.js';
import type { CompositionProblem } from '../supergraph/compose/problems.js';
import { readSupergraph } from '../supergraph/read/readSupergraph.js';
import { printHints } from './printHints.js';
import { readSdls } from './readSdls.js';
import { reportError } from './reportError.js';
import { readSubgraphList } from './subgraphList.js';

export interface ComposeOptions {
  readonly config: string;
  readonly output?: string | undefined;
  readonly apiSchema: boolean;
  readonly json: boolean;
}

interface Report {
  readonly errors: readonly CompositionProblem[];
  readonly hints: readonly CompositionProblem[];
  /** The supergraph or the API schema; absent when there are errors, and when it went to a file. */
  readonly schema?: string;
}

/** Composes what a list names. Gives the exit code. Errors: a Failure, or what reading a schema rejects with. */
export async function runCompose(options: ComposeOptions): Promise<number> {
  const definitions = readSubgraphList(options.config);
  let report: Report;
  try {
    const { supergraphSdl, hints } = compose(await readSdls(definitions));
    report = { errors: [], hints, schema: options.apiSchema ? apiSchemaOf(supergraphSdl) : supergraphSdl };
    if (!options.apiSchema) warnIfRefused(supergraphSdl);
  } catch (error) {
    if (!(error instanceof CompositionError)) throw error;
    if (!options.json) {
      reportError(error);
      return 1;
    }
    report = { errors: error.problems, hints: [] };
  }
  const { schema, ...findings } = report;
  if (schema !== undefined && options.output !== undefined) await writeWhole(options.output, endLine(schema));
  const printed = options.output === undefined ? schema : undefined;
  if (options.json) {
    process.stdout.write(`${JSON.stringify({ ...findings, ...(printed === undefined ? {} : { schema: printed }) })}\n`);
  } else {
    printHints(report.hints);
    if (printed !== undefined) process.stdout.write(endLine(printed));
  }
  return report.errors.length === 0 ? 0 : 1;
}

function apiSchemaOf(supergraphSdl: string): string {
  const config = readSupergraph(supergraphSdl).apiSchema.toConfig();
  // Executable directives are no part of what tools read; `@defer` is known to them.
  return printSchema(
    new GraphQLSchema({ ...config, directives: config.directives.filter(({ name }) => name !== 'defer') }),
  );
}

/** A supergraph can be right and still need what this gateway does not do. */
function warnIfRefused(supergraphSdl: string): void {
  try {
    readSupergraph(supergraphSdl);
  } catch (error) {
    if (!(error instanceof PorticoError)) throw error;
    process.stderr.write(`warning: portico start would refuse this supergraph: ${error.message}\n`);
  }
}

/** Gateways may be watching the file. */
async function writeWhole(file: string, text: string): Promise<void> {
  const draft = `${file}.${randomUUID().slice(0, 8)}`;
  await writeFile(draft, text);
  await rename(draft, file);
}

function endLine(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`;
}
