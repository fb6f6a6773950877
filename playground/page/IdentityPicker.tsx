import type { Identity } from './settings';

interface Props {
  readonly identities: readonly Identity[];
  /** undefined: nobody. */
  readonly chosen: Identity | undefined;
  readonly onChoice: (identity: Identity | undefined) => void;
}

/** On whose behalf operations are sent. */
export function IdentityPicker({ identities, chosen, onChoice }: Props) {
  return (
    <label className="caller">
      As
      <select
        value={chosen?.name ?? ''}
        onChange={({ target }) => onChoice(identities.find(({ name }) => name === target.value))}
      >
        <option value="">Nobody in particular</option>
        {identities.map(({ name }) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
