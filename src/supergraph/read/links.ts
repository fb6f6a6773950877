import { Kind } from 'graphql';
import type { ConstDirectiveNode, DirectiveNode, DocumentNode } from 'graphql';

/** One core feature that a schema links: `@link(url:, as:, for:)`, or `@core(feature:, as:, for:)` in older supergraphs. */
export interface Link {
  /** As written. */
  readonly url: string;
  /** Host and path without scheme and version, lower case: `specs.apollo.dev/join`. What a feature is known by. */
  readonly identity: string;
  /** `v0.3`; absent when the URL has none. */
  readonly version: string | undefined;
  /** The prefix of the feature's names in this schema (`join` for `join__type`), after `as:`. */
  readonly prefix: string;
  /** `SECURITY`, `EXECUTION`; absent when the schema gives no purpose. */
  readonly purpose: string | undefined;
  /** Names taken from the feature without its prefix, and what they are called here; directives with their `@`. */
  readonly imports: ReadonlyArray<{ readonly name: string; readonly as: string }>;
}

/** A link as it stands in a schema. */
export interface WrittenLink extends Link {
  readonly directive: ConstDirectiveNode;
  readonly as: string | undefined;
}

/**
 * The features a supergraph links, found by the shape of the directive's arguments: the directive itself can be renamed too.
 *
 * Source: Apollo's link v1.0 and core v0.1/v0.2 specifications.
 */
export function readLinks(document: DocumentNode): WrittenLink[] {
  const links: WrittenLink[] = [];
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.SCHEMA_DEFINITION && definition.kind !== Kind.SCHEMA_EXTENSION) continue;
    for (const directive of definition.directives ?? []) {
      const url = textArgument(directive, 'url') ?? textArgument(directive, 'feature');
      if (url !== undefined) {
        const as = textArgument(directive, 'as');
        const link = toLink(url, as, textArgument(directive, 'for'));
        links.push({ ...link, directive, as, imports: readImports(directive) });
      }
    }
  }
  return links;
}

/** The prefix of the join specification's names in this supergraph, nearly always `join`. */
export function joinPrefix(document: DocumentNode): string {
  return readLinks(document).find((link) => link.identity === 'specs.apollo.dev/join')?.prefix ?? 'join';
}

/** What a feature URL names; any text is accepted. */
export function featureIdentity(url: string): string {
  return toLink(url, undefined, undefined).identity;
}

/** The value of an argument that is a string or an enum value. */
export function textArgument(directive: DirectiveNode, name: string): string | undefined {
  const value = directive.arguments?.find((argument) => argument.name.value === name)?.value;
  return value?.kind === Kind.STRING || value?.kind === Kind.ENUM ? value.value : undefined;
}

/** The elements of `import: ["@key", {name: "@tag", as: "@label"}]`. */
function readImports(directive: DirectiveNode): Link['imports'] {
  const list = directive.arguments?.find((argument) => argument.name.value === 'import')?.value;
  if (list?.kind !== Kind.LIST) return [];
  return list.values.flatMap((item) => {
    if (item.kind === Kind.STRING) return [{ name: item.value, as: item.value }];
    if (item.kind !== Kind.OBJECT) return [];
    const textOf = (key: string): string | undefined => {
      const value = item.fields.find((field) => field.name.value === key)?.value;
      return value?.kind === Kind.STRING ? value.value : undefined;
    };
    const name = textOf('name');
    return name === undefined ? [] : [{ name, as: textOf('as') ?? name }];
  });
}

/** What a link with these arguments means. */
export function toLink(url: string, as: string | undefined, purpose: string | undefined): Link {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const segments = (parsed?.pathname ?? url).split('/').filter((segment) => segment !== '');
  const last = segments.at(-1);
  const version = last !== undefined && /^v\d+(\.\d+)*$/i.test(last) ? segments.pop() : undefined;
  const name = segments.at(-1) ?? '';
  const identity = [...(parsed === undefined ? [] : [parsed.host]), ...segments].join('/').toLowerCase();
  return { url, identity, version, prefix: as ?? name, purpose, imports: [] };
}
