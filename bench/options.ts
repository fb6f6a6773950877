import { parseArgs } from 'node:util';

/** How to run the benchmark. */
export interface BenchmarkOptions {
  /** Only these gateways and bodies, by name; empty: all. */
  readonly only: readonly string[];
  /** Length of one measurement. */
  readonly seconds: number;
  /** Seconds of unmeasured load before the first round of each gateway and body. */
  readonly warmup: number;
  readonly connections: number;
  readonly rounds: number;
  readonly build: boolean;
  /** File for the report; undefined: printed only. */
  readonly out: string | undefined;
  /** Only the soak, or (`complete`) after all tables. */
  readonly soak: boolean;
  readonly complete: boolean;
  /** Requests of the soak. */
  readonly requests: number;
  /** Leave out the tables besides the main one. */
  readonly mainOnly: boolean;
}

const help = `npm run bench -- [options]

  --only A[,B…]      gateways (stock, stock-semi, hive, portico, portico-nodedupe, floor)
                     and bodies (heavy, light, unique, unique-heavy); default: all
  --seconds N        length of one measurement (6)
  --warmup N         unmeasured seconds before the first one of each gateway and body (3)
  --connections N    concurrent clients (50)
  --rounds N         rounds; gateways take turns in each (3)
  --main-only        only the main table
  --no-build         use dist/ as it is
  --out FILE         write the report there (bench/RESULTS.md for a complete run)
  --no-out           print only
  --soak             instead: memory after many unique requests
  --requests N       requests of the soak (200000)
`;

export function readOptions(args: readonly string[]): BenchmarkOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string', multiple: true },
      seconds: { type: 'string', default: '6' },
      warmup: { type: 'string', default: '3' },
      connections: { type: 'string', default: '50' },
      rounds: { type: 'string', default: '3' },
      'main-only': { type: 'boolean', default: false },
      'no-build': { type: 'boolean', default: false },
      out: { type: 'string' },
      'no-out': { type: 'boolean', default: false },
      soak: { type: 'boolean', default: false },
      requests: { type: 'string', default: '200000' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    console.log(help);
    process.exit(0);
  }
  const number = (name: 'seconds' | 'warmup' | 'connections' | 'rounds' | 'requests'): number => {
    const value = Number(values[name]);
    if (!(value > 0)) throw new Error(`--${name} must be a number above 0`);
    return value;
  };
  const only = (values.only ?? []).flatMap((list) => list.split(',')).filter((name) => name !== '');
  const complete = only.length === 0 && !values['main-only'] && !values.soak;
  return {
    only,
    seconds: number('seconds'),
    warmup: number('warmup'),
    connections: number('connections'),
    rounds: number('rounds'),
    build: !values['no-build'],
    out: values['no-out'] ? undefined : (values.out ?? (complete ? 'bench/RESULTS.md' : undefined)),
    soak: values.soak,
    complete,
    requests: number('requests'),
    mainOnly: values['main-only'],
  };
}

/** Keeps what `--only` names, or everything when it names none of this kind. */
export function select<T>(all: readonly T[], only: readonly string[], nameOf: (item: T) => string): readonly T[] {
  const named = all.filter((item) => only.includes(nameOf(item)));
  return named.length > 0 ? named : all;
}
