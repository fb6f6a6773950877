import type { Expression, MappingPath, SelectionSet } from '../../../supergraph/connect/mapping/Mapping.js';
import type { Step } from './Evaluation.js';

/** The compilers of the parts of a mapping, which need one another. `locals`: names that `->as` has bound around the part. */
export interface Compilers {
  path(path: MappingPath, locals: ReadonlySet<string>): Step;
  set(set: SelectionSet, locals: ReadonlySet<string>): Step;
  expression(expression: Expression, locals: ReadonlySet<string>): Step;
}
