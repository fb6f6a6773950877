import { parse, print, stripIgnoredCharacters, visit } from 'graphql';
import type { FieldNode } from 'graphql';

/** An operation with some of its fields written anew; the text itself where none is. @param rewrite undefined for a field that stays */
export function rewriteFields(text: string, rewrite: (field: FieldNode) => FieldNode | undefined): string {
  let changed = false;
  const document = visit(parse(text, { noLocation: true }), {
    Field: (field): FieldNode | undefined => {
      const rewritten = rewrite(field);
      if (rewritten !== undefined) changed = true;
      return rewritten;
    },
  });
  return changed ? stripIgnoredCharacters(print(document)) : text;
}
