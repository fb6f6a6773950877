const MAX_PAGE = 100;

/** The first `first` of a list: at least none, at most a hundred. */
export function firstOf<T>(list: readonly T[], first: number): readonly T[] {
  return list.slice(0, pageSize(first));
}

/** A page of a list whose rows have ids. `after` is the id of the last row of the page before; an unknown one starts over. */
export function pageOf<T extends { readonly id: string }>(
  list: readonly T[],
  first: number,
  after: string | null | undefined,
): { nodes: readonly T[]; totalCount: number; pageInfo: { hasNextPage: boolean; endCursor: string | null } } {
  const start = after == null ? 0 : list.findIndex((row) => row.id === after) + 1;
  const nodes = list.slice(start, start + pageSize(first));
  return {
    nodes,
    totalCount: list.length,
    pageInfo: { hasNextPage: start + nodes.length < list.length, endCursor: nodes.at(-1)?.id ?? null },
  };
}

function pageSize(first: number): number {
  return Math.max(0, Math.min(MAX_PAGE, first));
}
