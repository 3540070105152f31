/** The fenced blocks of a markdown document. */
import type { TextFile } from '../house/tree.ts';

/** One fenced block. */
export interface Block {
  /** The document. */
  readonly path: string;
  /** The line of the document that the block's text begins on, counted from 1. */
  readonly line: number;
  /** The first word after the fence: `ts`, `yaml`, `sh`. */
  readonly language: string;
  /** The block is a program to be run: ` ```ts run `. */
  readonly run: boolean;
  /**
   * A step of a walk-through, which a test follows: ` ```sh walk `. With `until`, the step only looks, and is looked at
   * again until it shows what the text block behind it says: ` ```sh walk until `.
   */
  readonly walk?: 'once' | 'until';
  /**
   * A step of a guide, which `npm run pack:check` follows: ` ```sh guide `. With `start`, a process that is left running; with
   * `stop`, the commands come after the end of what was started last.
   */
  readonly guide?: 'run' | 'start' | 'stop';
  /** The name of the file that the block shows: ` ```ts file=plugins/house-auth.ts `. */
  readonly file?: string;
  readonly text: string;
}

const FENCE = /^(\s*)(`{3,}|~{3,})(.*)$/;

/** Lists the blocks of a document, in order. Throws an Error for a block that is never closed. */
export function blocksOf({ path, text }: TextFile): Block[] {
  const blocks: Block[] = [];
  const lines = text.split('\n');
  for (let index = 0; index < lines.length; index++) {
    const [, indent = '', fence = '', info = ''] = FENCE.exec(lines[index] ?? '') ?? [];
    if (fence === '' || (fence.startsWith('`') && info.includes('`'))) continue;
    const start = index + 1;
    do index++;
    while (index < lines.length && !closes(lines[index] ?? '', fence));
    if (index === lines.length) throw new Error(`${path}:${start} opens a block that is never closed.`);
    const body = lines.slice(start, index).map((line) => outdent(line, indent.length));
    blocks.push({ path, line: start + 1, ...described(info), text: body.join('\n') + '\n' });
  }
  return blocks;
}

const closes = (line: string, fence: string): boolean => {
  const text = line.trim();
  return text.startsWith(fence) && text.replaceAll(fence.charAt(0), '') === '';
};

/** A block in a list is indented with it. */
function outdent(line: string, by: number): string {
  const space = /^\s*/.exec(line)?.[0].length ?? 0;
  return line.slice(Math.min(by, space));
}

function described(info: string): Pick<Block, 'language' | 'run' | 'walk' | 'guide' | 'file'> {
  const [language = '', ...words] = info.trim().split(/\s+/);
  const file = words.find((word) => word.startsWith('file='))?.slice('file='.length);
  const walk = words.includes('until') ? 'until' : 'once';
  const guide = words.includes('start') ? 'start' : words.includes('stop') ? 'stop' : 'run';
  return {
    language,
    run: words.includes('run'),
    ...(words.includes('walk') ? { walk } : {}),
    ...(words.includes('guide') ? { guide } : {}),
    ...(file === undefined ? {} : { file }),
  };
}

const DOCUMENT = /^(?:README|CONTRIBUTING|core\/README|core\/docs\/.+|(?:plugins|examples)\/[^/]+\/README)\.md$/;

/** Whether a file is one of the documents whose blocks are held to what they say. */
export const isDocument = ({ path }: TextFile): boolean => DOCUMENT.test(path);

/** Whether the blocks of a document are followed by `npm run pack:check`, from an empty folder on. */
export const isGuide = (path: string): boolean => path.startsWith('core/docs/guides/');
