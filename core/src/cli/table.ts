/** Rows in columns, as wide as they need to be, the last one broken into lines where the terminal ends. */
import { stripVTControlCharacters } from 'node:util';

export interface TableOptions {
  /** Spaces before every line. */
  readonly indent?: number;
  /** Characters per line. Default: as many as there are. */
  readonly width?: number;
}

const GAP = 2;
/** The last column is never broken into less than this, in characters. */
const NARROWEST = 24;

/** The lines of a table. Cells may be coloured. */
export function table(rows: readonly (readonly string[])[], options: TableOptions = {}): string[] {
  const { indent = 0, width = Number.POSITIVE_INFINITY } = options;
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.slice(0, -1).entries()) {
      widths[column] = Math.max(widths[column] ?? 0, lengthOf(cell));
    }
  }
  return rows.flatMap((row) => rowLines(row, widths, indent, width));
}

function rowLines(row: readonly string[], widths: readonly number[], indent: number, width: number): string[] {
  const cells = row.slice(0, -1).map((cell, column) => padded(cell, widths[column] ?? 0));
  const start = ' '.repeat(indent) + cells.map((cell) => cell + ' '.repeat(GAP)).join('');
  const room = Math.max(NARROWEST, width - lengthOf(start));
  return wrapped(row.at(-1) ?? '', room).map((text, index) =>
    (index === 0 ? start + text : ' '.repeat(lengthOf(start)) + text).trimEnd(),
  );
}

/** Breaks a text between words. A word that is longer than the room stands alone, unbroken: it may be a path to copy. */
export function wrapped(text: string, room: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line === '' || lengthOf(longer) <= room) line = longer;
    else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line];
}

function padded(cell: string, width: number): string {
  return cell + ' '.repeat(width - lengthOf(cell));
}

/** Characters as they are seen: colour codes are not. */
function lengthOf(text: string): number {
  return stripVTControlCharacters(text).length;
}
