import { Kind } from 'graphql';
import type { ConstDirectiveNode, ConstValueNode, DocumentNode } from 'graphql';

import type { AnyOf, Demand } from '../model/AccessRules.js';
import { joinPrefix, readLinks, textArgument, toLink } from './links.js';
import { argument, carriedBy, importedName } from './specDirectives.js';

/** What demands are called in their own specifications, by the identity of the specification. */
const KINDS: ReadonlyMap<string, Demand['kind']> = new Map([
  ['specs.apollo.dev/authenticated', 'authenticated'],
  ['specs.apollo.dev/requiresscopes', 'scopes'],
  ['specs.apollo.dev/policy', 'policies'],
]);
const DIRECTIVES = { authenticated: '@authenticated', scopes: '@requiresScopes', policies: '@policy' } as const;

/** Reads the demands that are written at one place. Errors: a message when one cannot be understood. */
export type ReadDemands = (directives: readonly ConstDirectiveNode[] | undefined) => readonly Demand[];

/**
 * Finds out what access directives are called in this supergraph: they are known by the URL of their `@link`, whether imported under
 * another name, in a namespace (`as:`), or carried by `@join__directive`.
 */
export function accessDirectives(document: DocumentNode): ReadDemands {
  const joinDirective = `${joinPrefix(document)}__directive`;
  const kinds = new Map<string, Demand['kind']>();
  const learn = (url: string, as: string | undefined, imports: ConstValueNode | undefined): void => {
    const { identity, prefix } = toLink(url, as, undefined);
    const kind = KINDS.get(identity);
    if (kind !== undefined) kinds.set(importedName(imports, DIRECTIVES[kind]) ?? prefix, kind);
  };
  for (const { directive, url, as } of readLinks(document)) learn(url, as, argument(directive, 'import'));
  const defined = new Set(
    document.definitions.map((node) => node.kind === Kind.DIRECTIVE_DEFINITION && node.name.value),
  );
  for (const name of kinds.keys())
    if (!defined.has(name))
      throw new Error(`its access rules are linked as @${name}, and no such directive is defined`);
  for (const node of document.definitions) {
    if (node.kind !== Kind.SCHEMA_DEFINITION && node.kind !== Kind.SCHEMA_EXTENSION) continue;
    for (const directive of node.directives ?? []) {
      const carried = carriedBy(directive, joinDirective);
      const url = carried && textArgument(carried, 'url');
      if (carried !== undefined && url !== undefined)
        learn(url, textArgument(carried, 'as'), argument(carried, 'import'));
    }
  }
  if (kinds.size === 0) return () => [];
  return (directives) =>
    (directives ?? []).flatMap((directive): Demand[] => {
      const carried = carriedBy(directive, joinDirective) ?? directive;
      const kind = kinds.get(carried.name.value);
      if (kind === undefined) return [];
      return [kind === 'authenticated' ? { kind } : { kind, anyOf: readAnyOf(carried, kind) }];
    });
}

/** A list without groups allows nobody by the letter and everybody in Apollo Router: whoever wrote it meant something else. */
function readAnyOf(directive: ConstDirectiveNode, name: 'scopes' | 'policies'): AnyOf {
  const fail = (): never => {
    throw new Error(`@${directive.name.value} needs ${name}: a list of lists of names, with at least one name in each`);
  };
  const list = (value: ConstValueNode | undefined): readonly ConstValueNode[] =>
    value?.kind === Kind.LIST && value.values.length > 0 ? value.values : fail();
  return list(argument(directive, name)).map((group) =>
    list(group).map((each) => (each.kind === Kind.STRING && each.value !== '' ? each.value : fail())),
  );
}
