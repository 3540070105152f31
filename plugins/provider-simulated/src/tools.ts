/** Decides which tools the simulated model calls, and with what arguments. */
import { instanceOf } from './schema-instance.ts';
import type { OfferedTool, Prompt } from './prompt.ts';

export interface PlannedCall {
  readonly name: string;
  /** JSON text. */
  readonly arguments: string;
}

/** Words of a tool's name that say nothing about what it is for. */
const EMPTY_WORDS = new Set(
  'get set fetch find list make create update delete add run call use tool function current new all the for and with from by'.split(
    ' ',
  ),
);
/** How many tools are called at once. */
const MAX_CALLS = 4;

/**
 * The tools to call: none after tool results; the one that was named; where some tool must be called, those that the
 * question is about or else the first; otherwise only those that the question is about.
 */
export function planCalls(prompt: Prompt): PlannedCall[] {
  return chosen(prompt).map((tool) => ({ name: tool.name, arguments: argumentsFor(tool, prompt.question) }));
}

function chosen(prompt: Prompt): readonly OfferedTool[] {
  const { tools, toolChoice: choice } = prompt;
  if (prompt.results.length > 0 || choice.kind === 'none' || tools.length === 0) return [];
  if (choice.kind === 'tool') return tools.filter(({ name }) => name === choice.name);
  const meant = tools
    .filter(({ name }) => isAbout(prompt.question, name))
    .slice(0, prompt.parallelTools ? MAX_CALLS : 1);
  return meant.length === 0 && choice.kind === 'required' ? tools.slice(0, 1) : meant;
}

/** Whether a question names a tool, or has a word that is much like one of the name's words. */
export function isAbout(question: string, tool: string): boolean {
  if (question.includes(tool)) return true;
  const asked = wordsOf(question);
  return wordsOf(tool.replaceAll(/([a-z\d])([A-Z])/gu, '$1 $2'))
    .filter((word) => word.length >= 3 && !EMPTY_WORDS.has(word))
    .some((word) => asked.some((other) => areAlike(word, other)));
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\d]+/gu) ?? [];
}

/** The same word, its plural, or a word that begins nearly all the same: calculate and calculator. */
function areAlike(a: string, b: string): boolean {
  if (a === b || `${a}s` === b || a === `${b}s`) return true;
  let same = 0;
  while (same < a.length && a[same] === b[same]) same++;
  return same >= 6 && same >= 0.8 * Math.min(a.length, b.length);
}

function argumentsFor(tool: OfferedTool, question: string): string {
  const schema = Object.keys(tool.schema).length === 0 ? { type: 'object' } : tool.schema;
  return JSON.stringify(instanceOf(schema, question));
}
