import { isHeaderText } from '../../../supergraph/connect/template/parseHeader.js';
import type { HeaderTemplate } from '../../../supergraph/connect/template/parseHeader.js';
import { compileTemplate } from './compileTemplate.js';
import type { RequestFault, RequestInputs } from './RestRequest.js';
import { RequestRefusal } from './RestRequest.js';

type HeaderPair = readonly [name: string, value: string];

/**
 * Compiles the headers of a request. One without a value, or with nothing but spaces, is not sent. A value with a line break or anything
 * else but printable ASCII refuses the request: left out, an answer might be somebody else's.
 */
export function compileHeaders(
  headers: readonly HeaderTemplate[],
): (inputs: RequestInputs, faults: RequestFault[]) => HeaderPair[] {
  const writers = headers.map((header) => compileHeader(header));
  return (inputs, faults) => {
    const pairs: HeaderPair[] = [];
    for (const write of writers) write(inputs, faults, pairs);
    return pairs;
  };
}

function compileHeader({
  name,
  from,
  value,
}: HeaderTemplate): (inputs: RequestInputs, faults: RequestFault[], pairs: HeaderPair[]) => void {
  const place = `header ${name}`;
  const add = (pairs: HeaderPair[], text: string): void => {
    if (!isHeaderText(text)) throw new RequestRefusal(place, 'A header holds printable ASCII and no line breaks');
    const trimmed = text.trim();
    if (trimmed !== '') pairs.push([name, trimmed]);
  };
  if (value === undefined) {
    return ({ clientHeader }, _faults, pairs) => {
      const found = clientHeader(from!);
      if (found === undefined) return;
      for (const text of typeof found === 'string' ? [found] : found) add(pairs, text);
    };
  }
  const fill = compileTemplate(value.parts, place, (text) => text);
  return (inputs, faults, pairs) => add(pairs, fill(inputs, faults));
}
