import type { Run } from './Run.js';

/** A compiled plan node. Gives nothing when it finished at once. Never rejects: what goes wrong becomes a fault of the run. */
export interface Step {
  run(run: Run): Promise<void> | undefined;
}

export function sequence(steps: readonly Step[]): Step {
  if (steps.length === 1) return steps[0]!;
  return {
    run: async (run) => {
      for (const step of steps) {
        if (run.isOver) return;
        const pending = step.run(run);
        if (pending !== undefined) await pending;
      }
    },
  };
}

export function parallel(steps: readonly Step[]): Step {
  if (steps.length === 1) return steps[0]!;
  return {
    run: (run) => {
      const pending: Array<Promise<void>> = [];
      for (const step of steps) {
        const each = step.run(run);
        if (each !== undefined) pending.push(each);
      }
      if (pending.length === 0) return undefined;
      if (pending.length === 1) return pending[0];
      return Promise.all(pending) as unknown as Promise<void>;
    },
  };
}

/** `variable` is a coerced Boolean; anything but true counts as false. */
export function condition(variable: string, then: Step | undefined, otherwise: Step | undefined): Step {
  return { run: (run) => (run.input.variables[variable] === true ? then : otherwise)?.run(run) };
}
