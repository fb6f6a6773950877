import { getNullableType, isInputObjectType, isListType, isScalarType, isSpecifiedScalarType } from 'graphql';
import type { GraphQLInputType, GraphQLSchema } from 'graphql';

import type { EngineConfig } from '../../base/config/loadOptions.js';
import { unmatchedPattern } from '../../supergraph/model/coordinates.js';

import { fieldsMatching } from './createPolicies.js';

/** Something that a configured limit says and the graph does not have. */
export interface Misfit {
  /** Below `rate_limit.policies`, in the words of YAML. */
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** What of the limits would never apply: fields that do not exist, patterns that match nothing, arguments that no limited field has. */
export function misfits(policies: EngineConfig['rateLimit']['policies'], schema: GraphQLSchema): readonly Misfit[] {
  return policies.flatMap(({ fields, identityArgs, arrayLengthField }, at): Misfit[] => {
    if (fields === undefined) return [];
    const unmatched = fields.flatMap((pattern, index): Misfit[] => {
      const message = unmatchedPattern(schema, pattern);
      return message === undefined ? [] : [{ path: [at, 'fields', index], message }];
    });
    if (unmatched.length > 0) return unmatched;
    const args = fieldsMatching(schema, fields).map(
      (field) => new Map(field.args.map(({ name, type }) => [name, type])),
    );
    const isKnown = (path: string): boolean => args.some((each) => hasArgument(each, path.split('.')));
    const message = 'names an argument that no limited field has';
    return [
      ...identityArgs.flatMap((path, index) =>
        isKnown(path) ? [] : [{ path: [at, 'identity_args', index], message }],
      ),
      ...(arrayLengthField === undefined || isKnown(arrayLengthField)
        ? []
        : [{ path: [at, 'array_length_field'], message }]),
    ];
  });
}

function hasArgument(args: ReadonlyMap<string, GraphQLInputType>, [name = '', ...below]: readonly string[]): boolean {
  let type: unknown = args.get(name);
  if (type === undefined) return false;
  for (const step of below) {
    const nullable = getNullableType(type as GraphQLInputType);
    // A scalar of the graph's own may be any JSON.
    if (isScalarType(nullable) && !isSpecifiedScalarType(nullable)) return true;
    if (isListType(nullable)) return step === 'length';
    if (!isInputObjectType(nullable)) return false;
    const fields = nullable.getFields();
    if (!Object.hasOwn(fields, step)) return false;
    type = fields[step]!.type;
  }
  return true;
}
