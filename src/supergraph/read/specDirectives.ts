import { Kind } from 'graphql';
import type { ConstDirectiveNode, ConstObjectValueNode, ConstValueNode, DirectiveNode, DocumentNode } from 'graphql';

import { featureIdentity, joinPrefix, readLinks, textArgument } from './links.js';

/** A directive under the name that its specification gives it. */
export type SpecDirective = readonly [name: string, directive: ConstDirectiveNode];

/** Picks a specification's directives out of those that stand at one place. */
export type PickDirectives = (directives: readonly ConstDirectiveNode[] | undefined) => readonly SpecDirective[];

const NONE: readonly SpecDirective[] = [];

/**
 * Finds out what a specification's directives are called in this supergraph. They are known by the URL of their `@link`, whatever they are
 * spelled: imported (`@cost`), imported under another name (`as:`), in the specification's namespace (`@cost__listSize`), or carried by
 * `@join__directive`.
 *
 * @param identity host and path without version, lower case: `specs.apollo.dev/cost`
 * @param names in the specification's own words, without `@`
 * Source: Apollo's link v1.0 (naming) and join v0.4/v0.5 (`@join__directive`) specifications.
 */
export function specDirectives(document: DocumentNode, identity: string, names: readonly string[]): PickDirectives {
  const joinDirective = `${joinPrefix(document)}__directive`;
  const spelled = new Map<string, string>();
  const learn = (as: string | undefined, ownName: string, imports: ConstValueNode | undefined): void => {
    const prefix = as ?? ownName;
    for (const name of names) {
      const inNamespace = name === ownName ? prefix : `${prefix}__${name}`;
      spelled.set(importedName(imports, `@${name}`) ?? inNamespace, name);
    }
  };
  for (const { directive, url } of linksOf(document, joinDirective)) {
    if (featureIdentity(url) !== identity) continue;
    learn(textArgument(directive, 'as'), specName(url), argument(directive, 'import'));
  }
  if (spelled.size === 0) return () => NONE;
  return (directives) => {
    if (directives === undefined || directives.length === 0) return NONE;
    return directives.flatMap((directive): SpecDirective[] => {
      const carried = carriedBy(directive, joinDirective) ?? directive;
      const name = spelled.get(carried.name.value);
      return name === undefined ? [] : [[name, carried]];
    });
  };
}

/** `@link`s of the schema, those that subgraphs wrote and `@join__directive` carries included. */
function linksOf(document: DocumentNode, joinDirective: string): Array<{ directive: ConstDirectiveNode; url: string }> {
  const written = readLinks(document).map(({ url, directive }) => ({ url, directive }));
  for (const node of document.definitions) {
    if (node.kind !== Kind.SCHEMA_DEFINITION && node.kind !== Kind.SCHEMA_EXTENSION) continue;
    for (const each of node.directives ?? []) {
      const directive = carriedBy(each, joinDirective);
      const url = directive && textArgument(directive, 'url');
      if (directive !== undefined && url !== undefined) written.push({ url, directive });
    }
  }
  return written;
}

/** `@join__directive(graphs:, name:, args:)` as the directive that it stands for. */
export function carriedBy(directive: ConstDirectiveNode, joinDirective: string): ConstDirectiveNode | undefined {
  if (directive.name.value !== joinDirective) return undefined;
  const args = argument(directive, 'args');
  const value = textArgument(directive, 'name') ?? '';
  const fields = args?.kind === Kind.OBJECT ? args.fields : [];
  return {
    kind: Kind.DIRECTIVE,
    name: { kind: Kind.NAME, value },
    arguments: fields.map((field) => ({ ...field, kind: Kind.ARGUMENT })),
  };
}

/** What a directive (`@cost`) is called here by the `import` of its link; undefined where it is not imported. */
export function importedName(imports: ConstValueNode | undefined, name: string): string | undefined {
  if (imports?.kind !== Kind.LIST) return undefined;
  for (const each of imports.values) {
    if (each.kind === Kind.STRING && each.value === name) return name.slice(1);
    if (each.kind === Kind.OBJECT && field(each, 'name') === name) return (field(each, 'as') ?? name).slice(1);
  }
  return undefined;
}

function field(object: ConstObjectValueNode, name: string): string | undefined {
  const value = object.fields.find((each) => each.name.value === name)?.value;
  return value?.kind === Kind.STRING ? value.value : undefined;
}

export function argument(directive: DirectiveNode, name: string): ConstValueNode | undefined {
  return directive.arguments?.find((each) => each.name.value === name)?.value as ConstValueNode | undefined;
}

/** The last segment of the path before the version: the name of the specification, in its own case. */
function specName(url: string): string {
  const segments = url.split(/[?#]/)[0]!.split('/');
  if (/^v\d+(\.\d+)*$/i.test(segments.at(-1) ?? '')) segments.pop();
  return segments.at(-1) ?? '';
}
