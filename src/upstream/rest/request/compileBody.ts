import { mediaTypeOf } from '../../../base/kit/httpText.js';
import { writeJson } from '../../../base/kit/json.js';
import type { Mapping } from '../../../supergraph/connect/mapping/Mapping.js';
import { typeName } from '../mapping/jsonValues.js';
import { compileValue } from './compileTemplate.js';
import { encodeForm } from './encodeForm.js';
import type { RequestFault, RequestInputs } from './RestRequest.js';
import { RequestRefusal } from './RestRequest.js';

export const FORM_TYPE = 'application/x-www-form-urlencoded';

/** Compiles the body of a request: JSON, or a form where `content-type` says so. Undefined when the mapping has no value. */
export function compileBody(
  mapping: Mapping,
  contentType: string | undefined,
): (inputs: RequestInputs, faults: RequestFault[]) => string | undefined {
  const run = compileValue(mapping, 'body');
  const isForm = mediaTypeOf(contentType) === FORM_TYPE;
  return (inputs, faults) => {
    const value = run(inputs, faults);
    if (value === undefined) return undefined;
    if (!isForm) return writeJson(value);
    const form = encodeForm(value);
    if (form === undefined)
      throw new RequestRefusal('body', `A form is made from an object, 20 levels deep at most, not ${typeName(value)}`);
    return form;
  };
}
