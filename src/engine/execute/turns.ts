/** When a fetch has its turn in a plan. */
export interface Turn {
  readonly at: number;
  /** Turns counted before, `[from, to)`, that run beside it and need not be over. */
  readonly beside: ReadonlyArray<readonly [from: number, to: number]>;
}

/** Counts the turns of a plan's fetches, in the order of the plan. */
export class Turns {
  #next = 0;
  #beside: Turn['beside'] = [];

  /** The turn of the fetch, or of the fetches that travel as one, that comes next. */
  take(): Turn {
    return { at: this.#next++, beside: this.#beside };
  }

  /** Calls back for each node of those that run beside each other. */
  parallel<Node>(nodes: readonly Node[], visit: (node: Node) => void): void {
    const outer = this.#beside;
    const from = this.#next;
    for (const node of nodes) {
      this.#beside = [...outer, [from, this.#next]];
      visit(node);
    }
    this.#beside = outer;
  }
}

/** Whether everything of the turn `at` is there when `turn` starts. */
export function isOver(at: number, turn: Turn): boolean {
  return at < turn.at && !turn.beside.some(([from, to]) => at >= from && at < to);
}
