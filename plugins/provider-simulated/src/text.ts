/** Writes what the simulated model says: honest sentences about what it is, and the question again. */
import type { Dice } from './dice.ts';
import type { Prompt, ToolResult } from './prompt.ts';

/** How much of a question is quoted. */
const QUOTE_LENGTH = 160;

const OPENINGS = [
  'This answer comes from a simulated model: no language model was asked.',
  'I am a simulated model, so nothing here was thought up by a language model.',
  'No language model has read this; I am a simulation that runs inside the gateway.',
];

const REMARKS = [
  'Your request took the same way through the gateway that a request to a real provider takes.',
  'The words arrive one by one, at a set pace, so that you can watch a stream.',
  'Ask the same again and you will get the same words, which is what tests want.',
  'To hear from a real model, configure a provider with a key of your own and send the same request.',
  'I can also call tools, fill in a JSON schema, stop at a limit, or fail in all the ways that providers fail.',
  'The token counts of this answer are estimates, but they are metered like real ones.',
];

/** The text of an answer. `words`: how many it should have at least; the remarks are repeated until then. */
export function composeText(prompt: Prompt, dice: Dice, words = 0): string {
  const sentences = prompt.results.length > 0 ? reportOn(prompt.results) : replyTo(prompt, dice);
  const remarks = dice.shuffle('remarks', REMARKS);
  if (prompt.results.length === 0) sentences.push(remarks[0] as string, remarks[1] as string);
  let count = wordsIn(sentences);
  for (let next = 2; count < words; next++) {
    const remark = remarks[next % remarks.length] as string;
    sentences.push(remark);
    count += wordsIn([remark]);
  }
  return sentences.join(' ');
}

/** What the model thinks before it answers. */
export function composeReasoning(prompt: Prompt): string {
  const asked = prompt.question === '' ? 'The user sent no text.' : `The user wrote ${quoted(prompt.question)}.`;
  const plan = prompt.results.length > 0 ? 'I will report what the tools said.' : 'I will say what I am and quote it.';
  return `${asked} I am simulated, so there is nothing to work out. ${plan}`;
}

/** What the model says when it has been told to refuse. */
export function composeRefusal(prompt: Prompt): string {
  return `I was told to refuse, so I will not answer ${quoted(prompt.question)}.`;
}

function replyTo(prompt: Prompt, dice: Dice): string[] {
  const sentences = [dice.pick('opening', OPENINGS)];
  const question = prompt.question.trim();
  if (question === '') sentences.push('You sent no text.');
  else if (/^(hi|hello|hey|good (morning|day|evening))\b/iu.test(question)) {
    sentences.unshift('Hello!');
    if (question.split(/\s+/u).length > 2) sentences.push(`You wrote ${quoted(question)}.`);
  } else if (question.endsWith('?')) sentences.push(`You asked ${quoted(question)}, which I cannot answer.`);
  else sentences.push(`You wrote ${quoted(question)}.`);
  if (prompt.attachments > 0) {
    const things = prompt.attachments === 1 ? 'an attachment' : `${prompt.attachments} attachments`;
    sentences.push(`There came ${things} with it, which I cannot look at.`);
  }
  if (prompt.turns > 1) sentences.push(`It is message ${prompt.turns} of yours in this conversation.`);
  return sentences;
}

function reportOn(results: readonly ToolResult[]): string[] {
  const reports = results.map(({ name, text, isError }) =>
    isError ? `The tool ${name} failed with ${quoted(text)}.` : `The tool ${name} answered ${quoted(text)}.`,
  );
  return [...reports, 'I am a simulated model and only pass on what the tools said.'];
}

/** A text in quotation marks, on one line, cut at a word where it is long. */
function quoted(text: string): string {
  const line = text.trim().replaceAll(/\s+/gu, ' ');
  if (line.length <= QUOTE_LENGTH) return `“${line}”`;
  const cut = line.slice(0, QUOTE_LENGTH);
  return `“${cut.slice(0, Math.max(cut.lastIndexOf(' '), QUOTE_LENGTH / 2))} …”`;
}

function wordsIn(sentences: readonly string[]): number {
  return sentences.reduce((sum, sentence) => sum + sentence.split(' ').length, 0);
}
