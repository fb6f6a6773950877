import { Environment } from '@marcbachmann/cel-js';
import { z } from 'zod';

/** What expressions see. Lists and maps are read with their own keys only; nothing inherited, no functions but CEL's. */
export interface ExpressionFacts {
  readonly authenticated: boolean;
  readonly kind: string;
  /** Empty for nobody; so are `issuer`, `plan` and `tenant` where there is none. */
  readonly subject: string;
  readonly issuer: string;
  readonly plan: string;
  readonly tenant: string;
  readonly scopes: readonly string[];
  readonly claims: Readonly<Record<string, unknown>>;
  /** Arguments of the field; empty where the expression is asked for no field. */
  readonly args: Readonly<Record<string, unknown>>;
}

export interface Expression {
  /** Whether it looks at arguments. */
  readonly readsArguments: boolean;
  /** Only `true` is a yes. Errors: whatever the expression runs into, such as a claim that is not there. */
  test(facts: ExpressionFacts): boolean;
}

/** An expression that somebody wrote by hand is far smaller. */
const environment = new Environment({ limits: { maxAstNodes: 1000, maxDepth: 50 } })
  .registerVariable('authenticated', 'bool')
  .registerVariable('kind', 'string')
  .registerVariable('subject', 'string')
  .registerVariable('issuer', 'string')
  .registerVariable('plan', 'string')
  .registerVariable('tenant', 'string')
  .registerVariable('scopes', 'list<string>')
  .registerVariable('claims', 'map')
  .registerVariable('args', 'map');

/**
 * Compiles an expression of the Common Expression Language (CEL, https://cel.dev): no loops but over lists, no assignments, no access to
 * anything but its facts.
 *
 * Errors: an Error with the first line of what is wrong.
 */
export function compileExpression(text: string): Expression {
  const firstLine = (error: unknown): Error => new Error((error as Error).message.split('\n', 1)[0]);
  let run: ReturnType<typeof environment.parse>;
  try {
    run = environment.parse(text);
  } catch (error) {
    throw firstLine(error);
  }
  const { valid, type, error } = run.check();
  if (!valid) throw firstLine(error);
  if (type !== 'bool' && type !== 'dyn') throw new Error(`it gives a ${String(type)} and not true or false`);
  return {
    readsArguments: readsArguments(run.ast),
    test: (facts) => (run(facts as unknown as Record<string, unknown>) as unknown) === true,
  };
}

/** Whether the syntax tree names `args`. */
function readsArguments(node: unknown): boolean {
  if (Array.isArray(node)) return node.some(readsArguments);
  if (typeof node !== 'object' || node === null || !('op' in node) || !('args' in node)) return false;
  return node.op === 'id' ? node.args === 'args' : readsArguments(node.args);
}

/** A CEL expression that gives true or false. */
export function expression() {
  return z.string().superRefine((text, context) => {
    try {
      compileExpression(text);
    } catch (error) {
      context.addIssue({ code: 'custom', message: `is not an expression: ${(error as Error).message}` });
    }
  });
}
