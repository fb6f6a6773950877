import { parse, print } from 'graphql';

import type { FetchNode, PathStep, Plan, PlanNode, RequiredSelection, Rewrite } from './nodes.js';

/**
 * A plan as text, close to what Apollo's tools print. Stable: the same plan always gives the same text. For people (command line,
 * playground) and snapshots, not for parsing.
 */
export function printPlan(plan: Plan): string {
  const lines = ['QueryPlan {'];
  if (plan.node !== undefined) printNode(plan.node, 1, lines);
  if (plan.unplanned.length > 0) lines.push(indent(1, `Unplanned: ${plan.unplanned.join(', ')}`));
  lines.push('}');
  return lines.join('\n');
}

function printNode(node: PlanNode, depth: number, lines: string[]): void {
  const block = (head: string, children: ReadonlyArray<PlanNode | undefined>): void => {
    lines.push(indent(depth, `${head} {`));
    for (const child of children) if (child !== undefined) printNode(child, depth + 1, lines);
    lines.push(indent(depth, '},'));
  };
  switch (node.kind) {
    case 'Fetch':
      return printFetch(node, depth, lines);
    case 'Flatten':
      return block(`Flatten(path: "${printPath(node.path)}")`, [node.node]);
    case 'Sequence':
    case 'Parallel':
      return block(node.kind, node.nodes);
    case 'Condition':
      if (node.otherwise === undefined) return block(`Include(if: $${node.variable})`, [node.then]);
      if (node.then === undefined) return block(`Skip(if: $${node.variable})`, [node.otherwise]);
      block(`If(if: $${node.variable})`, [node.then]);
      return block('Else', [node.otherwise]);
    case 'Defer': {
      lines.push(indent(depth, 'Defer {'));
      lines.push(indent(depth + 1, 'Primary {'));
      printDeferPart(node.primary, depth + 2, lines);
      lines.push(indent(depth + 1, '},'));
      for (const part of node.deferred) {
        const facts = [
          `depends: [${part.depends.map(({ id }) => id).join(', ')}]`,
          ...(part.path.length > 0 ? [`path: "${part.path.join('/')}"`] : []),
          ...(part.label !== undefined ? [`label: "${part.label}"`] : []),
        ];
        lines.push(indent(depth + 1, `Deferred(${facts.join(', ')}) {`));
        printDeferPart(part, depth + 2, lines);
        lines.push(indent(depth + 1, '},'));
      }
      lines.push(indent(depth, '},'));
      return;
    }
    case 'Subscription':
      return block('Subscription', [node.primary, node.rest]);
  }
}

function printDeferPart(
  part: { readonly subselection: string | undefined; readonly node: PlanNode | undefined },
  depth: number,
  lines: string[],
): void {
  if (part.subselection !== undefined) lines.push(indent(depth, print(parse(part.subselection))));
  if (part.node !== undefined) printNode(part.node, depth, lines);
}

function printFetch(fetch: FetchNode, depth: number, lines: string[]): void {
  const facts = [`service: "${fetch.subgraph}"`, ...(fetch.id === undefined ? [] : [`id: ${fetch.id}`])];
  lines.push(indent(depth, `Fetch(${facts.join(', ')}) {`));
  if (fetch.requires !== undefined) {
    lines.push(indent(depth + 1, '{'));
    for (const each of fetch.requires) printRequired(each, depth + 2, lines);
    lines.push(indent(depth + 1, '} =>'));
  }
  lines.push(indent(depth + 1, print(parse(fetch.operation, { noLocation: true }))));
  if (fetch.variables.length > 0) lines.push(indent(depth + 1, `variables: ${fetch.variables.join(', ')}`));
  printRewrites('input', fetch.inputRewrites, depth + 1, lines);
  printRewrites('output', fetch.outputRewrites, depth + 1, lines);
  printRewrites('context', fetch.contextRewrites, depth + 1, lines);
  lines.push(indent(depth, '},'));
}

function printRequired(selection: RequiredSelection, depth: number, lines: string[]): void {
  const head =
    selection.kind === 'Fragment'
      ? `...${selection.typeCondition === undefined ? '' : ` on ${selection.typeCondition}`}`
      : selection.read === selection.write
        ? selection.write
        : `${selection.write} from ${selection.read}`;
  if (selection.selections === undefined) {
    lines.push(indent(depth, head));
    return;
  }
  lines.push(indent(depth, `${head} {`));
  for (const each of selection.selections) printRequired(each, depth + 1, lines);
  lines.push(indent(depth, '}'));
}

function printRewrites(title: string, rewrites: readonly Rewrite[], depth: number, lines: string[]): void {
  for (const rewrite of rewrites) {
    const effect = rewrite.kind === 'KeyRenamer' ? `as ${rewrite.key}` : `= ${JSON.stringify(rewrite.value)}`;
    lines.push(indent(depth, `${title}: ${rewrite.path.join('/')} ${effect}`));
  }
}

function printPath(path: readonly PathStep[]): string {
  return path
    .map((step) => {
      const name = step.kind === 'list' ? '@' : step.name;
      return step.types === undefined ? name : `${name}|[${step.types.join(',')}]`;
    })
    .join('.');
}

function indent(depth: number, text: string): string {
  const margin = '  '.repeat(depth);
  return text
    .split('\n')
    .map((line) => margin + line)
    .join('\n');
}
