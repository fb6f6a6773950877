import type { Mapping, MappingPath, SelectionSet } from '../../../supergraph/connect/mapping/Mapping.js';

/**
 * Whether a mapping can put one value into another several times over, so that what it makes may be far larger than its input and itself.
 * Only expressions can: in `$( … )` and in the arguments of methods.
 */
export function makesValues(root: Mapping['root']): boolean {
  return root.kind === 'set' ? setMakes(root) : pathMakes(root);
}

function setMakes({ items }: SelectionSet): boolean {
  return items.some((item) => (item.kind === 'group' ? setMakes(item.set) : pathMakes(item.path)));
}

function pathMakes({ head, steps, set }: MappingPath): boolean {
  return (
    head.kind === 'expression' ||
    steps.some((step) => step.kind === 'method' && (step.arguments ?? []).length > 0) ||
    (set !== undefined && setMakes(set))
  );
}
