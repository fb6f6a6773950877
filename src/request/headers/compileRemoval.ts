import { wholeName } from './headerText.js';

/** Takes away what earlier rules have set: exactly one of the two is set. Names are lower case. */
export interface HeaderRemoval {
  readonly named?: string | undefined;
  /** A regular expression, for the whole name. */
  readonly matching?: string | undefined;
}

/** The same for headers on their way to a subgraph and for those that come from one. */
export function compileRemoval({
  named,
  matching,
}: HeaderRemoval): (target: Pick<Map<string, unknown>, 'keys' | 'delete'>) => void {
  if (named !== undefined) return (target) => void target.delete(named);
  if (matching === undefined) throw new Error('A header rule says nothing');
  const matches = wholeName(matching);
  return (target) => {
    for (const name of target.keys()) if (matches(name)) target.delete(name);
  };
}
