/** The rows of the matrix: what chats are made of, one thing at a time. */
import type { Answer, Call, Case, Conversation } from './conversation.ts';

const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';
const PDF = 'JVBERi0xLjQKJSVFT0YK';

const HELLO: Answer = { text: 'Hello from the upstream, how are you today?', stop: 'stop' };
const PERSON = { name: 'Ada Lovelace', city: 'London' };
const SCHEMA = {
  type: 'object',
  properties: { name: { type: 'string' }, city: { type: 'string' } },
  required: ['name', 'city'],
  additionalProperties: false,
};

const oslo: Call = { id: 'call_oslo', name: 'get_weather', arguments: { city: 'Oslo' } };
const paris: Call = { id: 'call_paris', name: 'get_weather', arguments: { city: 'Paris' } };
const tools = ['get_weather', 'get_time'];

/** Every question names its case, so that the upstream knows what to answer. */
const question = (id: string): string => `The question (${id})`;

function row(id: string, asks: Partial<Conversation>, answer: Answer = HELLO): Case {
  return { id, asks: { turns: [{ user: question(id) }], ...asks }, answer };
}

/** A sequence that no short-minded limit lets pass, and one with a line end and signs beyond ASCII. */
const LONG_STOPS = [`<<${'the end of the answer '.repeat(8)}>>`, 'END\n—fin'];

export const CASES: readonly Case[] = [
  row('plain', {}),
  row('cut-short', {}, { text: 'This is as far as', stop: 'length' }),
  row('multi-turn', {
    turns: [
      { user: 'First things first.' },
      { assistant: 'Gladly.' },
      { user: 'Second “things”: ünïcödé 🙂.' },
      { assistant: 'Sure.' },
      { user: question('multi-turn') },
    ],
  }),
  row('system', { system: 'Speak like a pirate.' }),
  row('image', { turns: [{ user: question('image'), image: PNG }] }),
  row('document', { turns: [{ user: question('document'), pdf: PDF }] }),
  row('tool', { tools }, { calls: [oslo], stop: 'tool-calls' }),
  row('parallel-tools', { tools }, { calls: [oslo, paris], stop: 'tool-calls' }),
  row('tool-results', {
    tools,
    turns: [
      { user: question('tool-results') },
      { assistant: 'Let me look.', calls: [oslo, paris] },
      {
        results: [
          { call: oslo, text: '3 degrees' },
          { call: paris, text: '12 degrees' },
        ],
      },
    ],
  }),
  row('tool-error', {
    tools,
    turns: [
      { user: question('tool-error') },
      { assistant: '', calls: [oslo] },
      { results: [{ call: oslo, text: 'No such city.', failed: true }] },
    ],
  }),
  row('forced-tool', { tools, force: 'get_weather' }, { calls: [oslo], stop: 'tool-calls' }),
  row('structured', { schema: SCHEMA }, { text: JSON.stringify(PERSON), stop: 'stop' }),
  row('reasoning', { thinks: true }, { text: 'It is 42.', thought: 'That is known.', stop: 'stop' }),
  row('long-stops', { stops: LONG_STOPS }),
  row('many-stops', { stops: ['one', 'two', 'three', 'four', 'five', 'six'] }),
  row('cache-marks', { system: 'A long prompt that is worth keeping.', cached: true }),
];

/** The case that a request belongs to, by the question in it. */
export function caseOf(request: unknown): Case | undefined {
  const text = JSON.stringify(request);
  return CASES.find(({ id }) => text.includes(question(id)));
}
