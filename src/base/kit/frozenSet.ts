/** A set that stays as it is, whoever it is handed to: `Object.freeze` leaves what is in a set changeable. */
export function frozenSet<Value>(values: Iterable<Value> = []): ReadonlySet<Value> {
  const set = new Set(values);
  const refuse = (): never => {
    throw new TypeError('This set cannot be changed');
  };
  for (const name of ['add', 'delete', 'clear']) Object.defineProperty(set, name, { value: refuse });
  return Object.freeze(set);
}
