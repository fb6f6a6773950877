import { writeJson } from '../../base/kit/json.js';

/** Writes the variables of one call: the client variables its text uses, then the given text (representations). */
export type WriteVariables = (
  values: Readonly<Record<string, unknown>>,
  extra: string | undefined,
) => string | undefined;

/**
 * @param names client variables the sub-request uses, in the engine's names. A variable that the client did not give and that has
 *   no default is left out, so that the subgraph sees what the client sent.
 */
export function compileCallVariables(names: readonly string[]): WriteVariables {
  const heads = names.map((name) => `${JSON.stringify(name)}:`);
  return (values, extra) => {
    let text = extra ?? '';
    for (let i = 0; i < names.length; i++) {
      const value = values[names[i]!];
      if (value === undefined) continue;
      text += `${text === '' ? '' : ','}${heads[i]}${writeJson(value)}`;
    }
    return text === '' ? undefined : `{${text}}`;
  };
}
