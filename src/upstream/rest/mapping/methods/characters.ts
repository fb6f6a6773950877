import type { Evaluation } from '../Evaluation.js';

/** The characters (code points) of a text: a pair of surrogates is not torn apart. */
export function characters(evaluation: Evaluation, text: string): readonly string[] {
  evaluation.spend(1 + text.length / 16);
  return Array.from(text);
}
