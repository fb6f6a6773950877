/** GraphQL names from any text; unique within one set. */
export class Names {
  private readonly taken: Set<string>;

  constructor(reserved: Iterable<string> = []) {
    this.taken = new Set(reserved);
  }

  /** The name itself, or with the first number from 2 that makes it new. */
  take(wanted: string): string {
    let name = wanted;
    for (let number = 2; this.taken.has(name); number++) name = `${wanted}${number}`;
    this.taken.add(name);
    return name;
  }
}

/** `find pets-by.status` → `findPetsByStatus`. A name that is good already stays as it is. */
export function fieldName(text: string): string {
  if (isName(text)) return text;
  const words = wordsOf(text);
  const [first = 'field', ...others] = words;
  return startsWithLetter(
    [first.charAt(0).toLowerCase() + first.slice(1), ...others.map(capitalised)].join(''),
    'field',
  );
}

/** `pet-store item` → `PetStoreItem`. */
export function typeName(text: string): string {
  return startsWithLetter(wordsOf(text).map(capitalised).join(''), 'Type');
}

/** Names that begin with two underscores are GraphQL's own. */
export function isName(text: string): boolean {
  return /^(?!__)[A-Za-z_][0-9A-Za-z_]*$/.test(text);
}

function wordsOf(text: string): string[] {
  return text
    .normalize('NFD')
    .split(/[^0-9A-Za-z]+/)
    .filter((word) => word !== '');
}

function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function startsWithLetter(name: string, otherwise: string): string {
  if (name === '') return otherwise;
  return /^[0-9]/.test(name) ? `${otherwise}${name}` : name;
}
