/** What the simulated model answers, as tokens, before it is written in any dialect. */
import { Dice } from './dice.ts';
import type { Prompt } from './prompt.ts';
import { instanceOf } from './schema-instance.ts';
import { composeReasoning, composeRefusal, composeText } from './text.ts';
import { tokensOf } from './tokens.ts';
import { planCalls } from './tools.ts';

/** What the answer should be like besides what was asked. */
export interface Wish {
  /** How many tokens the text should have; 0 for as many as it takes. */
  readonly length: number;
  /** How fast it is answered; 0 for all at once. Undefined for the usual pace. */
  readonly tokensPerSecond?: number;
  readonly refuse: boolean;
  /** The text breaks off, as if a filter had seen something in it. */
  readonly filter: boolean;
  /** The reply tells its usage. */
  readonly usage: boolean;
}

export const NO_WISH: Wish = { length: 0, refuse: false, filter: false, usage: true };

export type Block =
  | { readonly kind: 'reasoning'; readonly tokens: readonly string[]; readonly signature: string }
  | { readonly kind: 'text' | 'refusal'; readonly tokens: readonly string[] }
  | { readonly kind: 'tool-call'; readonly id: string; readonly name: string; readonly tokens: readonly string[] };

export type StopKind = 'stop' | 'stop-sequence' | 'length' | 'tool-calls' | 'refusal' | 'content-filter';

export interface Answer {
  readonly blocks: readonly Block[];
  readonly stop: StopKind;
  /** Which stop sequence was met. */
  readonly sequence?: string;
  /** All tokens of the model's thinking, shown or not. */
  readonly reasoningTokens: number;
  /** All tokens of the answer, those of the thinking included. */
  readonly outputTokens: number;
}

/** The answer to a prompt; `candidate` counts the alternatives from 0. The same prompt always gets the same answer. */
export function answerTo(prompt: Prompt, wish: Wish = NO_WISH, candidate = 0): Answer {
  const dice = new Dice(`${candidate} ${prompt.question}`);
  const thought = prompt.reasoning === 'none' ? [] : tokensOf(composeReasoning(prompt));
  const draft = draftOf(prompt, wish, dice);
  const limited = within(prompt.maxOutput ?? Infinity, thought, draft.blocks);
  const { reasoning } = prompt;
  const shown: Block[] =
    reasoning === 'shown' || reasoning === 'omitted'
      ? [
          {
            kind: 'reasoning',
            tokens: reasoning === 'shown' ? limited.thought : [],
            signature: dice.hex('signature', 64),
          },
        ]
      : [];
  const ending = limited.cut ? { stop: 'length' as const } : draft.ending;
  const spoken = limited.blocks.reduce((sum, { tokens }) => sum + tokens.length, 0);
  return {
    blocks: [...shown, ...limited.blocks],
    ...ending,
    reasoningTokens: limited.thought.length,
    outputTokens: limited.thought.length + spoken,
  };
}

interface Draft {
  readonly blocks: readonly Block[];
  readonly ending: { readonly stop: StopKind; readonly sequence?: string };
}

function draftOf(prompt: Prompt, wish: Wish, dice: Dice): Draft {
  if (wish.refuse)
    return { blocks: [{ kind: 'refusal', tokens: tokensOf(composeRefusal(prompt)) }], ending: { stop: 'refusal' } };
  const calls = planCalls(prompt);
  if (calls.length > 0) {
    const blocks = calls.map(({ name, arguments: text }, index): Block => {
      return { kind: 'tool-call', id: dice.hex(`call ${index} ${prompt.turns}`, 24), name, tokens: tokensOf(text) };
    });
    return { blocks, ending: { stop: 'tool-calls' } };
  }
  const { text, sequence } = stopped(textFor(prompt, wish, dice), prompt.stop);
  const tokens = wish.length === 0 ? tokensOf(text) : tokensOf(text).slice(0, wish.length);
  if (wish.filter) {
    const half = tokens.slice(0, Math.ceil(tokens.length / 2));
    return { blocks: [{ kind: 'text', tokens: half }], ending: { stop: 'content-filter' } };
  }
  const ending = sequence === undefined ? { stop: 'stop' as const } : { stop: 'stop-sequence' as const, sequence };
  return { blocks: [{ kind: 'text', tokens }], ending };
}

function textFor(prompt: Prompt, wish: Wish, dice: Dice): string {
  const { format } = prompt;
  if (format.kind === 'schema') return JSON.stringify(instanceOf(format.schema, prompt.question));
  const text = composeText(prompt, dice, wish.length);
  return format.kind === 'json' ? JSON.stringify({ answer: text }) : text;
}

/** The text up to the first stop sequence in it. */
function stopped(text: string, stop: readonly string[]): { readonly text: string; readonly sequence?: string } {
  let at = Infinity;
  let sequence: string | undefined;
  for (const one of stop) {
    const found = one === '' ? -1 : text.indexOf(one);
    if (found >= 0 && found < at) {
      at = found;
      sequence = one;
    }
  }
  return sequence === undefined ? { text } : { text: text.slice(0, at), sequence };
}

/** As much of the thinking, and then of the blocks, as the limit allows. */
function within(limit: number, thinking: readonly string[], blocks: readonly Block[]) {
  const thought = thinking.slice(0, limit);
  let left = limit - thought.length;
  let cut = thought.length < thinking.length;
  const kept: Block[] = [];
  for (const block of blocks) {
    if (block.tokens.length > left) cut = true;
    if (left === 0 && block.tokens.length > 0 && (kept.length > 0 || block.kind === 'tool-call')) break;
    const tokens = block.tokens.slice(0, left);
    left -= tokens.length;
    kept.push({ ...block, tokens });
  }
  return { thought, blocks: kept, cut };
}
