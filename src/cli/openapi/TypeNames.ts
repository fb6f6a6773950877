import type { ImportNotes } from './ImportNotes.js';
import { Names, typeName } from './Names.js';
import type { Shape } from './SchemaReader.js';

const RESERVED = ['Query', 'Mutation', 'Subscription', 'Int', 'Float', 'String', 'Boolean', 'ID', 'JSON'];

/** The names of all types, and the enums and scalars that are used in answers and inputs alike. */
export class TypeNames {
  readonly enums = new Map<string, readonly string[]>();
  private readonly names = new Names(RESERVED);
  private readonly notes: ImportNotes;
  private readonly enumNames = new Map<object, string>();
  usesJson = false;

  constructor(notes: ImportNotes) {
    this.notes = notes;
  }

  /** @param called what the document calls it, for the note */
  take(wanted: string, called: string): string {
    const name = this.names.take(wanted);
    if (name !== wanted) this.notes.add(`the type of "${called}" is called ${name}: ${wanted} is taken`);
    return name;
  }

  useScalar(name: string): void {
    if (name === 'JSON') this.usesJson = true;
  }

  enumName({ schema, name, values }: Extract<Shape, { kind: 'enum' }>): string {
    const known = this.enumNames.get(schema);
    if (known !== undefined) return known;
    const wanted = typeName(name);
    // The same values under the same name are the same enum, wherever they are written out.
    const before = this.enums.get(wanted);
    const isSame = before !== undefined && before.join() === values.join();
    const taken = isSame ? wanted : this.take(wanted, name);
    this.enumNames.set(schema, taken);
    this.enums.set(taken, values);
    return taken;
  }
}
