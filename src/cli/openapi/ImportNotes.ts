/** What the import had to choose, or left out: one sentence each, in the order found, none twice. */
export class ImportNotes {
  private readonly notes = new Set<string>();

  add(note: string): void {
    this.notes.add(note);
  }

  get list(): readonly string[] {
    return [...this.notes];
  }
}
