/** The rule that the core knows no provider and no vendor. */
import type { Finding } from './finding.ts';
import { at, parse } from './source.ts';
import { isCore, pluginFolders, type TextFile } from './tree.ts';

/** Vendors that may not have a plugin yet, and names of their products that would give them away. */
const KNOWN = [
  'openai',
  'anthropic',
  'claude',
  'gemini',
  'vertex',
  'bedrock',
  'azure',
  'cohere',
  'mistral',
  'groq',
  'deepseek',
  'ollama',
  'litellm',
];

/** Folders that are named after what they talk to; the rest of the name is a vendor. */
const NAMED_AFTER_VENDOR = /^(?:dialect|provider|log|metrics|store|state)-(.+)$/;

/** Parts of such names that are plain words. */
const PLAIN = new Set(['compatible', 'simulated', 'memory', 'file', 'http', 'stdout']);

/** Where comments may name a vendor, to say whose field or word a neutral one stands for. */
const MAY_EXPLAIN = /^core\/src\/(?:chat\/|operations\.ts$)/;

/** The names that the core must not know: the well-known ones, and whatever `plugins/` holds. */
export function vendors(files: readonly TextFile[]): string[] {
  const names = new Set(KNOWN);
  for (const folder of pluginFolders(files)) {
    for (const word of NAMED_AFTER_VENDOR.exec(folder)?.[1]?.split('-') ?? []) if (!PLAIN.has(word)) names.add(word);
  }
  return [...names].toSorted();
}

/** Finds vendors' names in the core: in code anywhere, in comments outside `chat/` and `operations.ts`. */
export function vendorsInCore(files: readonly TextFile[]): Finding[] {
  const pattern = new RegExp(vendors(files).join('|'), 'gi');
  return files.filter((file) => isCore(file.path)).flatMap((file) => named(file, pattern));
}

function named(file: TextFile, pattern: RegExp): Finding[] {
  const { comments } = parse(file);
  const findings: Finding[] = [];
  for (const match of file.text.matchAll(pattern)) {
    const end = match.index + match[0].length;
    if (isWordGoingOn(match[0], file.text[end])) continue;
    const explains = comments.some((comment) => comment.start <= match.index && end <= comment.end);
    if (explains && MAY_EXPLAIN.test(file.path)) continue;
    const instead = explains
      ? 'describe the behaviour without the name; only comments in core/src/chat/ and operations.ts may explain by naming'
      : 'move what is particular to it into its plugin (a plain word of a folder name belongs in PLAIN, in test/house/vendors.ts)';
    findings.push(at(file, match.index, `names the vendor "${match[0]}": ${instead}.`));
  }
  return findings;
}

/** `cohere` is no vendor in `coherent`; in `cohereChat` it is. */
const isWordGoingOn = (name: string, next: string | undefined): boolean =>
  name === name.toLowerCase() && next !== undefined && /[a-z]/.test(next);
