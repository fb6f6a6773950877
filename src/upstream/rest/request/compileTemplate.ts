import type { Mapping } from '../../../supergraph/connect/mapping/Mapping.js';
import type { TemplatePart } from '../../../supergraph/connect/template/Template.js';
import type { CompiledMapping } from '../mapping/compileMapping.js';
import { compileMapping } from '../mapping/compileMapping.js';
import { scalarText, typeName } from '../mapping/jsonValues.js';
import type { RequestFault, RequestInputs } from './RestRequest.js';
import { RequestRefusal } from './RestRequest.js';

/** Fills a template: `encode` makes each value fit for its place. */
export type FillTemplate = (inputs: RequestInputs, faults: RequestFault[]) => string;

/** What mappings in requests have as `$`. */
const NOTHING: Readonly<Record<string, unknown>> = Object.freeze({});

/**
 * Compiles parts of a template. A hole without a value, or with null, is filled with nothing; a list or an object is refused: nobody could
 * say where one ends.
 */
export function compileTemplate(
  parts: readonly TemplatePart[],
  place: string,
  encode: (text: string) => string,
): FillTemplate {
  const fills = parts.map((part): FillTemplate => {
    if (part.kind === 'text') return () => part.text;
    const run = compileValue(part.mapping, place);
    return (inputs, faults) => {
      const value = run(inputs, faults);
      if (value === undefined) return '';
      const text = scalarText(value);
      if (text !== undefined) return encode(text);
      throw new RequestRefusal(place, `A template takes scalars, not ${typeName(value)} (there is ->joinNotNull)`);
    };
  });
  if (fills.length === 1) return fills[0]!;
  return (inputs, faults) => {
    let text = '';
    for (const fill of fills) text += fill(inputs, faults);
    return text;
  };
}

/** Runs a mapping over the inputs of a request. */
export function compileValue(
  mapping: Mapping,
  place: string,
): (inputs: RequestInputs, faults: RequestFault[]) => unknown {
  const run: CompiledMapping = compileMapping(mapping);
  return ({ variables }, faults) => {
    const { value, problems } = run(NOTHING, variables);
    for (const { message, path } of problems) faults.push({ place, message, path });
    return value;
  };
}
