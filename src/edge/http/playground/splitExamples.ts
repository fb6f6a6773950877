import { Kind, parse } from 'graphql';

/**
 * One text for each operation of a GraphQL document, with the comments above it. Fragments belong to the operation before them.
 *
 * Errors: GraphQLError when the document does not parse.
 */
export function splitExamples(document: string): readonly string[] {
  const texts: string[] = [];
  let from = 0;
  let end = 0;
  for (const definition of parse(document).definitions) {
    if (definition.kind === Kind.OPERATION_DEFINITION && end > 0) {
      texts.push(document.slice(from, end).trim());
      from = end;
    }
    end = definition.loc!.end;
  }
  texts.push(document.slice(from).trim());
  return texts.map((text) => `${text}\n`);
}
