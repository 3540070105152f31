/** The page of translations, as the dialects declare them. */
import {
  ANSWER_FEATURES,
  REQUEST_FEATURES,
  type AnswerFeature,
  type ChatExpression,
  type Dialect,
  type RequestFeature,
} from '@gatewright/core';

/** Where the page is. */
export const TRANSLATION_PAGE = 'core/docs/translation.md';

const INTRODUCTION = `# Translation

Any client's dialect can be served by any provider. Each dialect has one codec, between its own bytes and the neutral form;
a request goes from the client's dialect into the neutral form and from there into the provider's, and the answer back the
same way. Where client and provider speak the same dialect nothing is translated: the bytes pass.

No two dialects can say the same things. What becomes of a thing that another dialect has said is declared by the dialect
that it is to be written in, and a test holds each of these declarations against what the codec does:

- **yes**: it is written, and read back it is the same.
- **near**: it is written as near as the dialect can say it: a prompt of the developer as a system prompt, a budget of
  tokens for reasoning as a level.
- **refused**: the request is answered with [\`GW_UNSUPPORTED\`](errors.md), which names the field, and the provider is not
  asked. With \`unsupported: drop\` on the model or the target, the field is left out, and told.
- **told**: it is left out or changed. The reply names it in the header \`x-gatewright-warning\`, and the log record in its
  warnings; what comes up in the middle of a stream is in the record only.
- **–**: it only informs, and the dialect has no place for it.

In answers nothing is refused: what the client's dialect cannot say is left out and told. What these dialects do with real
clients and servers, case by case, is in [the matrix](matrix.md).

<!-- Written by \`npm run docs\` from the declarations of the dialects: edit there. -->
`;

const MARKS = { written: 'yes', reworded: 'near', refused: 'refused', told: 'told', unsaid: '–' } as const;

/** The whole page. Throws an Error where a dialect declares nothing. */
export function translationPage(dialects: readonly Dialect<'chat'>[]): string {
  const declared = declarations(dialects);
  const ids = declared.map(({ names }) => names);
  return [
    INTRODUCTION,
    `## Requests, as they are written for a provider\n\n${table(['a request with', ...ids], requestRows(declared))}`,
    `## Answers, as they are written for a client\n\n${table(['an answer with', ...ids], answerRows(declared))}`,
    `## From one dialect to another\n\n${pairs(declared)}`,
  ].join('\n');
}

type Declared = { readonly names: string } & ChatExpression;

/** What is declared, and by whom: dialects that differ in their frames only share a declaration. */
function declarations(dialects: readonly Dialect<'chat'>[]): Declared[] {
  const ids = new Map<ChatExpression, string[]>();
  for (const { id, expresses } of dialects) {
    if (expresses === undefined) throw new Error(`The dialect ${id} does not declare what it expresses.`);
    ids.set(expresses, [...(ids.get(expresses) ?? []), `\`${id}\``]);
  }
  return [...ids].map(([expresses, names]) => Object.assign({ names: names.join(', ') }, expresses));
}

/** A row: what a thing is, and what each dialect makes of it. */
function row(meaning: string, fates: readonly (keyof typeof MARKS)[]): string[] {
  return [meaning, ...fates.map((fate) => MARKS[fate])];
}

function requestRows(declared: readonly Declared[]): string[][] {
  const keys = Object.keys(REQUEST_FEATURES) as RequestFeature[];
  return keys.map((key) =>
    row(
      REQUEST_FEATURES[key],
      declared.map(({ request }) => request[key]),
    ),
  );
}

function answerRows(declared: readonly Declared[]): string[][] {
  const keys = Object.keys(ANSWER_FEATURES) as AnswerFeature[];
  return keys.map((key) =>
    row(
      ANSWER_FEATURES[key],
      declared.map(({ answer }) => answer[key]),
    ),
  );
}

/** For each two dialects: what the one can say of a request and the other cannot. */
function pairs(declared: readonly Declared[]): string {
  const rows = declared.flatMap((from) =>
    declared.flatMap((to) => (from === to ? [] : [[from.names, to.names, ...losses(from, to)]])),
  );
  return table(
    ['a client of', 'a provider of', 'refused, or dropped on request', 'left out or changed, and told'],
    rows,
  );
}

function losses(from: Declared, to: Declared): [string, string] {
  const sayable = (Object.keys(REQUEST_FEATURES) as RequestFeature[]).filter(
    (key) => from.request[key] === 'written' || OF_OTHERS.has(key),
  );
  const of = (fate: 'refused' | 'told'): string =>
    sayable
      .filter((key) => to.request[key] === fate)
      .map((key) => REQUEST_FEATURES[key])
      .join(', ') || 'nothing';
  return [of('refused'), of('told')];
}

/** Things that every dialect has in its own way, and none takes from another. */
const OF_OTHERS: ReadonlySet<RequestFeature> = new Set([
  'file-id',
  'reasoning-history',
  'foreign-tool',
  'foreign-field',
]);

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return `${[line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')}\n`;
}
