/** The members of an interface with their doc comments, as a formatted source file has them. */

/** A member: a property or a method. */
export interface Member {
  readonly name: string;
  readonly optional: boolean;
  /** The doc comment on one line, as markdown. Empty where there is none. */
  readonly doc: string;
  /** What stands behind the name, on one line: `: string`, `(fn: F): void`. */
  readonly type: string;
  /** The members of an object type that is written out. */
  readonly members: readonly Member[];
}

/** Reads the members of an exported interface. Throws an Error where the file has none of that name. */
export function membersOf(source: string, name: string): Member[] {
  const body = new RegExp(`^export interface ${name}(?:<.*>)?(?: extends \\w+)? \\{\\n([^]*?)^\\}`, 'm').exec(
    source,
  )?.[1];
  if (body === undefined) throw new Error(`There is no "export interface ${name} {".`);
  return read(body.split('\n'), '  ');
}

const HEAD = /^(?:readonly )?(\[[^\]]+\]|\w+)(\??)([^]*)$/;

/** Members begin at one depth of indentation, which the formatter sees to; what is deeper belongs to the one before. */
function read(lines: readonly string[], indent: string): Member[] {
  const members: Member[] = [];
  for (let index = 0; index < lines.length;) {
    const doc: string[] = [];
    while (/^\s*(?:\/\*\*| \*)/.test(lines[index] ?? '')) doc.push(lines[index++] ?? '');
    const text: string[] = [];
    do text.push(lines[index++] ?? '');
    while (index < lines.length && continues(lines[index] ?? '', indent));
    const [, name, mark, rest = ''] = HEAD.exec(text.join('\n').trim()) ?? [];
    if (name === undefined) continue;
    const inner = rest.startsWith(': {\n') ? read(text.slice(1, -1), `${indent}  `) : [];
    members.push({ name, optional: mark === '?', doc: plain(doc), type: oneLine(rest), members: inner });
  }
  return members;
}

/** A line that is deeper, or closes what was opened. */
const continues = (line: string, indent: string): boolean =>
  line.startsWith(`${indent} `) ? !line.startsWith(`${indent} *`) : /^\s*[})]/.test(line);

const plain = (lines: readonly string[]): string =>
  lines
    .map((line) => line.replace(/^\s*\/?\*+\/?/, '').replace(/\*\/\s*$/, ''))
    .join(' ')
    .replaceAll(/\{@link (\w+)\}/g, '`$1`')
    .replaceAll(/\s+/g, ' ')
    .trim();

const oneLine = (text: string): string =>
  text
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/([(<[]) /g, '$1')
    .replaceAll(/,? ([)>\]])(?!=)/g, (match, close: string) => (match === ' >' ? match : close))
    .replace(/;$/, '')
    .trim();
