/** Whether a status is in a list of `503` and `5xx`. Made once; HOT when asked. */
export function statusMatcher(patterns: readonly string[]): (status: number) => boolean {
  const all = new Set<number>();
  for (const pattern of patterns) {
    const [first = ''] = pattern;
    if (/^[1-5]xx$/i.test(pattern)) for (let rest = 0; rest < 100; rest++) all.add(Number(first) * 100 + rest);
    else all.add(Number(pattern));
  }
  return (status) => all.has(status);
}
