import { SelectionSet, baseType, federationMetadata, isCompositeType, isUnionType } from '@apollo/federation-internals';
import type { CompositeType } from '@apollo/federation-internals';

let isGuarded = false;

/**
 * Planner guard `external`: a selection does not fit on a type of a subgraph that has one of its fields as `@external` only.
 *
 * Where a field with `@requires` needs another one with `@requires` (`three` needs `two` of the subgraph before, which needs `one`),
 * Apollo's planner asks whether what the inner one needs can move into the fetch before, looks at names of fields alone, and then reads
 * `one` from a subgraph that does not own it: silently null or wrong. Of the library's three callers of `canRebaseOn` the other two ask
 * about keys, and an `@external` key is none here (`isFieldFullyExternal` knows those of extended types and `@provides`).
 *
 * There is no hook for it: the method itself is replaced, once per thread.
 */
export function guardExternal(): void {
  if (isGuarded) return;
  isGuarded = true;
  // oxlint-disable-next-line typescript/unbound-method -- called with its own `this` below
  const { canRebaseOn } = SelectionSet.prototype;
  SelectionSet.prototype.canRebaseOn = function guarded(type) {
    return canRebaseOn.call(this, type) && !asksExternal(this, type);
  };
}

function asksExternal(selections: SelectionSet, type: CompositeType): boolean {
  const metadata = federationMetadata(type.schema());
  if (metadata === undefined) return false;
  return selections.selections().some((selection) => {
    if (selection.kind === 'FragmentSelection') {
      const condition = selection.element.typeCondition;
      const inner = condition === undefined ? type : type.schema().type(condition.name);
      return inner !== undefined && isCompositeType(inner) && asksExternal(selection.selectionSet, inner);
    }
    const field = isUnionType(type) ? undefined : type.field(selection.element.name);
    if (field === undefined) return false;
    if (metadata.isFieldFullyExternal(field)) return true;
    const inner = baseType(field.type!);
    return (
      selection.selectionSet !== undefined && isCompositeType(inner) && asksExternal(selection.selectionSet, inner)
    );
  });
}
