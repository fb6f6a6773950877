/** `true` when two types are one: assignable in both directions, and `any` is only itself. */
export type Equals<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Does not compile unless its argument is `true`. */
export function assertType<_Holds extends true>(): void {}
