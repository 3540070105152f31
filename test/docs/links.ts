/** Links in documents that lead nowhere. */
import { posix } from 'node:path';
import { at } from '../house/source.ts';
import type { Finding } from '../house/finding.ts';
import type { TextFile } from '../house/tree.ts';

/** Finds links to files of the repository that do not exist, and to headings that a document does not have. */
export function deadLinks(documents: readonly TextFile[], files: readonly TextFile[]): Finding[] {
  const texts = new Map(files.map(({ path, text }) => [path, text]));
  return documents.flatMap((document) => {
    const prose = withoutCode(document.text);
    return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].flatMap(({ 1: link = '', index }) => {
      const message = fault(document.path, link, texts);
      return message === undefined ? [] : [at(document, index, message)];
    });
  });
}

function fault(from: string, link: string, texts: ReadonlyMap<string, string>): string | undefined {
  if (/^[a-z]+:/.test(link)) return undefined;
  const [file = '', heading] = link.split('#');
  const path = file === '' ? from : posix.normalize(posix.join(posix.dirname(from), file)).replace(/\/$/, '');
  const isFolder = [...texts.keys()].some((one) => one.startsWith(`${path}/`));
  const text = texts.get(path);
  if (text === undefined && !isFolder) return `links to ${link}, which does not exist.`;
  if (heading === undefined || (text !== undefined && anchors(text).includes(heading))) return undefined;
  return `links to ${link}, but there is no such heading.`;
}

/** The anchors that GitHub gives the headings of a document. */
const anchors = (text: string): string[] =>
  [...withoutCode(text).matchAll(/^#+ (.+)$/gm)].map(({ 1: heading = '' }) =>
    heading
      .trim()
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

/** Blanks fenced blocks, so that what follows keeps its line. */
const withoutCode = (text: string): string =>
  text.replaceAll(/^\s*(```+|~~~+)[^]*?^\s*\1/gm, (block) => block.replaceAll(/[^\n]/g, ' '));
