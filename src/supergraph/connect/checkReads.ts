import type { Fail } from './ConnectProblem.js';
import type { Declaration } from './Declaration.js';
import type { Read } from './connectorReads.js';
import { namedType } from '../read/readFieldTypes.js';
import type { SubgraphTypes } from './SubgraphTypes.js';

const REQUEST = ['$args', '$this', '$batch', '$config', '$context', '$request', '$env'];
const RESPONSE = [...REQUEST, '$response', '$status'];

/** Whether everything that a connector reads is there: arguments, fields of `$this`, variables. */
export function checkReads(
  declaration: Declaration,
  reads: readonly Read[],
  types: SubgraphTypes,
  fail: Fail,
): boolean {
  const { typeName, field, root } = declaration;
  let isRight = true;
  const wrong = (read: Read, message: string): void => {
    isRight = false;
    fail('CONNECTOR_UNKNOWN_VARIABLE', message, read.node, read.span.start);
  };
  for (const read of reads) {
    const { variable, path, isRequest } = read;
    const known = isRequest ? REQUEST : RESPONSE;
    if (variable === '@') continue;
    if (!known.includes(variable)) {
      const isEarly = RESPONSE.includes(variable);
      wrong(
        read,
        isEarly ? `${variable} is known when there is an answer, not before` : `there is no variable ${variable}`,
      );
    } else if (variable === '$context') {
      wrong(read, '$context is not supported: it comes from coprocessors of the Apollo Router');
    } else if (variable === '$this' || variable === '$batch') {
      if (root !== undefined) wrong(read, `${variable} is for fields of other types than ${typeName}`);
      else if (variable === '$batch' && field !== undefined) {
        wrong(read, '$batch is for a @connect on the type itself');
      } else if (path.length === 0)
        wrong(read, `${variable} as a whole cannot be a key: name the fields that are needed`);
      else if (types.field(typeName, path[0]!) === undefined) wrong(read, `${typeName} has no field "${path[0]}"`);
    } else if (variable === '$args') {
      const problem = argumentProblem(declaration, path, types);
      if (problem !== undefined) wrong(read, problem);
    }
  }
  return isRight;
}

function argumentProblem(
  { field, typeName }: Declaration,
  path: readonly string[],
  types: SubgraphTypes,
): string | undefined {
  if (field === undefined) return '$args is for fields: a @connect on a type has no arguments';
  const [name, ...rest] = path;
  if (name === undefined) return undefined;
  const argument = field.arguments?.find((each) => each.name.value === name);
  if (argument === undefined) return `${typeName}.${field.name.value} has no argument "${name}"`;
  let at = namedType(argument.type);
  for (const step of rest) {
    const type = types.type(at);
    if (type?.kind === 'scalar') return undefined;
    if (type?.kind !== 'input') return `$args.${path.join('.')}: ${at} has no field "${step}"`;
    const input = type.nodes.flatMap(({ fields = [] }) => fields).find((each) => each.name.value === step);
    if (input === undefined) return `$args.${path.join('.')}: ${at} has no field "${step}"`;
    at = namedType(input.type);
  }
  return undefined;
}
