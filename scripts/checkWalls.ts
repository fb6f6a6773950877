import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { cruise } from 'dependency-cruiser';
import type { ICruiseOptions, ICruiseResult, IForbiddenRuleType } from 'dependency-cruiser';
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config';

/** One import that breaks a rule. `to` is empty where the rule is about the file itself. */
export interface Violation {
  readonly rule: string;
  readonly severity: string;
  readonly from: string;
  readonly to: string;
  readonly comment: string;
}

export interface WallsReport {
  /** Files of src that were read. */
  readonly modules: number;
  readonly violations: readonly Violation[];
}

interface Walls {
  readonly forbidden: IForbiddenRuleType[];
  readonly options: ICruiseOptions;
  readonly places: { readonly wings: readonly string[]; readonly ordered: Readonly<Record<string, readonly string[]>> };
}

const root = join(import.meta.dirname, '..');
const walls = createRequire(import.meta.url)('../.dependency-cruiser.cjs') as Walls;

/**
 * Cruises `src` below `baseDir` with the rules of .dependency-cruiser.cjs.
 *
 * With a TypeScript that has no compiler API (7.x) dependency-cruiser reads no module and finds nothing wrong; whoever
 * calls this must therefore look at `modules` as well.
 */
export async function checkWalls(baseDir: string = root): Promise<WallsReport> {
  const { tsConfig: _, ...options } = walls.options;
  const { output } = await cruise(
    ['src'],
    { ...options, baseDir, validate: true, ruleSet: { forbidden: walls.forbidden } },
    undefined,
    { tsConfig: extractTSConfig(join(root, 'tsconfig.json')) },
  );
  const result = output as ICruiseResult;
  const sources = result.modules.map((module) => module.source).filter((source) => source.startsWith('src/'));
  const comments = new Map(walls.forbidden.map((rule) => [rule.name, rule.comment ?? '']));
  const violations = result.summary.violations.map((violation) => ({
    rule: violation.rule.name,
    severity: violation.rule.severity,
    from: violation.from,
    to: violation.to === violation.from ? '' : violation.to,
    comment: comments.get(violation.rule.name) ?? '',
  }));
  return { modules: sources.length, violations: [...violations, ...sources.flatMap(misplaced)] };
}

/** A folder that the table does not know has no direction, so no rule would ever speak of it. */
function misplaced(source: string): Violation[] {
  const [, wing = '', room = '', ...below] = source.split('/');
  const rooms = Object.hasOwn(walls.places.ordered, wing) ? walls.places.ordered[wing] : undefined;
  const isKnown =
    room === ''
      ? true // a file right under src: the front door
      : walls.places.wings.includes(wing) && (below.length === 0 || rooms === undefined || rooms.includes(room));
  if (isKnown) return [];
  return [
    {
      rule: 'every-folder-has-a-place',
      severity: 'error',
      from: source,
      to: '',
      comment: 'Give the folder its place in the table of .dependency-cruiser.cjs',
    },
  ];
}

async function main(): Promise<void> {
  const { modules, violations } = await checkWalls();
  for (const { severity, rule, from, to, comment } of violations) {
    console.error(`${severity} ${rule}: ${from}${to === '' ? '' : ` → ${to}`}\n  ${comment}`);
  }
  const errors = violations.filter((violation) => violation.severity === 'error').length;
  console.log(`walls: ${modules} modules, ${errors} errors`);
  if (modules === 0) console.error('No module was read: is TypeScript 6 installed? (npx depcruise --info)');
  if (modules === 0 || errors > 0) process.exitCode = 1;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main();
