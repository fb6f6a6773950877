import { Kind, parse, print, validate } from 'graphql';
import type {
  ArgumentNode,
  DirectiveNode,
  DocumentNode,
  FieldNode,
  FragmentDefinitionNode,
  GraphQLSchema,
  OperationDefinitionNode,
  SelectionNode,
} from 'graphql';

import type { TestOperation } from './generate/OperationSpec.js';

type Mutable<Node> = { -readonly [Key in keyof Node]: Node[Key] };

/** Runs are bounded: a reproduction that could be smaller is still a reproduction. */
const MAX_RUNS = 600;

/**
 * The smallest operation that still fails, by taking away one thing after another: selections, fragments, arguments, directives,
 * aliases. Works on the text, so that what fast-check cannot shrink (three fragments around one field) goes too.
 */
export async function minimise(
  operation: TestOperation,
  schema: GraphQLSchema,
  fails: (operation: TestOperation) => Promise<boolean>,
): Promise<TestOperation> {
  let best = operation;
  let runs = 0;
  for (let changed = true; changed;) {
    changed = false;
    for (let n = 0; runs < MAX_RUNS; n++) {
      const document = parse(best.query, { noLocation: true });
      if (!new Reduction(n).apply(document)) break;
      const candidate = prune(document, best);
      if (candidate === undefined || candidate.query === best.query) continue;
      if (validate(schema, parse(candidate.query)).length > 0) continue;
      runs++;
      if (!(await fails(candidate))) continue;
      best = candidate;
      changed = true;
      n--;
    }
  }
  return best;
}

/** Takes the n-th thing away that can be taken away. */
class Reduction {
  #left: number;
  readonly #fragments = new Map<string, FragmentDefinitionNode>();

  constructor(n: number) {
    this.#left = n;
  }

  /** False when there is no n-th. */
  apply(document: DocumentNode): boolean {
    for (const node of document.definitions)
      if (node.kind === Kind.FRAGMENT_DEFINITION) this.#fragments.set(node.name.value, node);
    return document.definitions.some((node) => {
      if (node.kind === Kind.OPERATION_DEFINITION || node.kind === Kind.FRAGMENT_DEFINITION)
        return this.#set(node.selectionSet as Mutable<typeof node.selectionSet>);
      return false;
    });
  }

  #hit(): boolean {
    return this.#left-- === 0;
  }

  #set(set: { selections: readonly SelectionNode[] }): boolean {
    const { selections } = set;
    if (selections.length > 1)
      for (let i = 0; i < selections.length; i++)
        if (this.#hit()) {
          set.selections = selections.toSpliced(i, 1);
          return true;
        }
    return selections.some((node, i) => {
      if (node.kind === Kind.FRAGMENT_SPREAD && this.#hit()) {
        const { typeCondition, selectionSet } = this.#fragments.get(node.name.value)!;
        const inline: SelectionNode = { ...node, kind: Kind.INLINE_FRAGMENT, typeCondition, selectionSet };
        set.selections = selections.with(i, inline);
        return true;
      }
      if (node.kind === Kind.INLINE_FRAGMENT && this.#hit()) {
        set.selections = selections.toSpliced(i, 1, ...node.selectionSet.selections);
        return true;
      }
      return this.#own(node as Mutable<SelectionNode>);
    });
  }

  #own(node: Mutable<SelectionNode>): boolean {
    const directives = node.directives ?? [];
    for (let i = 0; i < directives.length; i++)
      if (this.#hit()) {
        node.directives = directives.toSpliced(i, 1) as DirectiveNode[];
        return true;
      }
    if (node.kind === Kind.FIELD) {
      const field: Mutable<FieldNode> = node;
      if (field.alias !== undefined && this.#hit()) {
        delete field.alias;
        return true;
      }
      const args = field.arguments ?? [];
      for (let i = 0; i < args.length; i++)
        if (this.#hit()) {
          field.arguments = args.toSpliced(i, 1) as ArgumentNode[];
          return true;
        }
    }
    return node.kind !== Kind.FRAGMENT_SPREAD && node.selectionSet !== undefined && this.#set(node.selectionSet);
  }
}

/** Without the fragments and variables that nothing uses any more. */
function prune(document: DocumentNode, before: TestOperation): TestOperation | undefined {
  let definitions = document.definitions;
  for (let count = -1; count !== definitions.length;) {
    count = definitions.length;
    const text = definitions.map(print).join('\n');
    definitions = definitions.filter(
      (node) => node.kind !== Kind.FRAGMENT_DEFINITION || text.includes(`...${node.name.value}`),
    );
  }
  const operation = definitions.find(
    (node): node is OperationDefinitionNode => node.kind === Kind.OPERATION_DEFINITION,
  );
  if (operation === undefined) return undefined;
  const bodies = definitions.map((node) =>
    print(node === operation ? { ...operation, variableDefinitions: [] } : node),
  );
  const isUsed = (name: string): boolean => bodies.some((text) => new RegExp(`\\$${name}\\b`).test(text));
  const kept = (operation.variableDefinitions ?? []).filter((node) => isUsed(node.variable.name.value));
  const reduced = definitions.map((node) => (node === operation ? { ...operation, variableDefinitions: kept } : node));
  const variables: Record<string, unknown> = {};
  for (const { variable } of kept) {
    const name = variable.name.value;
    if (Object.hasOwn(before.variables, name)) variables[name] = before.variables[name];
  }
  return { query: reduced.map(print).join('\n\n'), variables };
}
