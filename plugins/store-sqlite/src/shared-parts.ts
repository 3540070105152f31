/** The parts of usage rows that many have in common: each stands in a table of its own once, and rows name it by its number. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';

/** So many are remembered; the others are found in their table. */
const REMEMBERED = 20_000;

/** A part as it stands in a row's text, with what was read from it. */
export interface SharedPart<Read> {
  readonly text: string;
  readonly number: number;
  readonly read: Read;
}

export class SharedParts<Read> {
  readonly #parts = new Map<string, SharedPart<Read>>();
  /** That of the row before: to compare a long text costs less than to look it up. */
  #last: SharedPart<Read> | undefined;
  readonly #find: StatementSync;
  readonly #insert: StatementSync;
  readonly #read: (text: string) => Read;
  readonly #values: (text: string) => readonly string[];

  /** `columns` of the table are what `values` makes of a text; the last one is the text itself. */
  constructor(
    database: DatabaseSync,
    table: string,
    columns: readonly string[],
    values: (text: string) => readonly string[],
    read: (text: string) => Read,
  ) {
    this.#find = database.prepare(`SELECT number FROM ${table} WHERE text = ?`);
    const names = [...columns, 'text'];
    this.#insert = database.prepare(
      `INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`,
    );
    this.#values = values;
    this.#read = read;
  }

  /** Puts it into its table where it is not there. */
  of(text: string): SharedPart<Read> {
    if (this.#last?.text !== text) this.#last = this.#parts.get(text) ?? this.#look(text);
    return this.#last;
  }

  /** After a transaction that was rolled back: what it had put into tables is not there. */
  forget(): void {
    this.#parts.clear();
    this.#last = undefined;
  }

  #look(text: string): SharedPart<Read> {
    const found = this.#find.get(text) as { number: number } | undefined;
    const number = found?.number ?? Number(this.#insert.run(...this.#values(text), text).lastInsertRowid);
    if (this.#parts.size >= REMEMBERED) this.#parts.clear();
    // A text that was cut out of a longer one would keep all of that.
    const part = { text: Buffer.from(text).toString(), number, read: this.#read(text) };
    this.#parts.set(part.text, part);
    return part;
  }
}
