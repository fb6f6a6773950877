import { Kind } from 'graphql';
import type { DirectiveNode } from 'graphql';

import type { Condition } from './Operation.js';

/** Values that condition variables must have for a place to be reached at all. */
export type Given = ReadonlyMap<string, boolean>;

/**
 * Reads `@skip` and `@include` of one selection. Gives `never` when it cannot be included: by a literal, or because it contradicts
 * itself or something above it; and nothing for what always holds here.
 */
export function readCondition(
  directives: readonly DirectiveNode[] | undefined,
  given: Given,
): Condition | 'never' | undefined {
  let condition: Array<Condition[number]> | undefined;
  for (const directive of directives ?? []) {
    const name = directive.name.value;
    if (name !== 'skip' && name !== 'include') continue;
    const value = directive.arguments?.find((argument) => argument.name.value === 'if')?.value;
    const include = name === 'include';
    if (value?.kind === Kind.VARIABLE) {
      const variable = value.name.value;
      const known = given.get(variable) ?? condition?.find((each) => each.variable === variable)?.include;
      if (known === undefined) (condition ??= []).push({ variable, include });
      else if (known !== include) return 'never';
    } else if (value?.kind === Kind.BOOLEAN && value.value !== include) return 'never';
  }
  return condition;
}

/** What holds below a selection with this condition. */
export function below(given: Given, condition: Condition | undefined): Given {
  if (condition === undefined) return given;
  return new Map([...given, ...condition.map(({ variable, include }) => [variable, include] as const)]);
}

export function printCondition(condition: Condition | undefined, renamed: ReadonlyMap<string, string>): string {
  let text = '';
  for (const { variable, include } of condition ?? [])
    text += ` @${include ? 'include' : 'skip'}(if:$${renamed.get(variable) ?? variable})`;
  return text;
}

/** Directives that say whether or when a selection is answered, and nothing about its value. */
export function isConditional(directive: DirectiveNode): boolean {
  const name = directive.name.value;
  return name === 'skip' || name === 'include' || name === 'defer' || name === 'stream';
}
