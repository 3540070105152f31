/** What a case of the matrix asks and what its upstream answers, in nobody's dialect, and both as facts to compare. */

/** A call of a tool; `arguments` is what its JSON says. */
export interface Call {
  readonly id: string;
  readonly name: string;
  readonly arguments: Readonly<Record<string, string>>;
}

export type Turn =
  | { readonly user: string; readonly image?: string; readonly pdf?: string }
  | { readonly assistant: string; readonly calls?: readonly Call[] }
  | { readonly results: readonly { readonly call: Call; readonly text: string; readonly failed?: boolean }[] };

/** A question as every driver puts it into its own SDK's types. */
export interface Conversation {
  readonly system?: string;
  readonly turns: readonly Turn[];
  /** The names of tools that take a city. */
  readonly tools?: readonly string[];
  /** The tool that must be called. */
  readonly force?: string;
  /** The answer must have this JSON Schema. */
  readonly schema?: Readonly<Record<string, unknown>>;
  /** The model shall think first, and show it. */
  readonly thinks?: boolean;
  readonly stops?: readonly string[];
  /** The system prompt is marked to be cached. */
  readonly cached?: boolean;
}

/** What the upstream says. */
export interface Answer {
  readonly text?: string;
  readonly thought?: string;
  readonly calls?: readonly Call[];
  readonly stop: 'stop' | 'length' | 'tool-calls';
}

/** One row of the matrix. */
export interface Case {
  readonly id: string;
  readonly asks: Conversation;
  readonly answer: Answer;
}

/** How many tokens every answer is said to have cost. */
export const TOKENS = { input: 21, output: 13 };

/** The limit that every question has. */
export const LIMIT = 4000;

/** The parameters of every tool. */
export const PARAMETERS = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] } as const;

export const TOOL_TEXT = 'What a city is like.';

const sorted = (value: unknown): unknown => {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(sorted);
  const entries = Object.entries(value).sort(([a], [b]) => a.localeCompare(b));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
};

/** JSON that does not depend on the order of keys. */
export const canonical = (value: unknown): string => JSON.stringify(sorted(value));

/** The facts that a driver and a reader of a dialect both state, in the same words. */
export const fact = {
  system: (text: string): string => `system: ${text}`,
  user: (text: string): string => `user: ${text}`,
  assistant: (text: string): string => `assistant: ${text}`,
  image: (mediaType: string, data: string): string => `image: ${mediaType} ${data}`,
  pdf: (data: string): string => `pdf: ${data}`,
  call: (name: string, args: unknown): string => `call: ${name} ${canonical(args)}`,
  result: (text: string): string => `result: ${text}`,
  failed: 'the tool failed',
  tool: (name: string, parameters: unknown): string => `tool: ${name} ${canonical(parameters)}`,
  force: (name: string): string => `must call: ${name}`,
  schema: (schema: unknown): string => `schema: ${canonical(schema)}`,
  thinks: 'thinks',
  stop: (sequence: string): string => `stops at: ${sequence}`,
  cached: 'cache mark',
  limit: (tokens: number): string => `at most ${tokens} tokens`,
  stream: 'streamed',
  text: (text: string): string => `text: ${text}`,
  thought: (text: string): string => `thought: ${text}`,
  ended: (stop: string): string => `ended: ${stop}`,
  usage: (input: number, output: number): string => `tokens: ${input} in, ${output} out`,
} as const;

/** Whether a fact says what an answer cost. */
export const isUsage = (one: string): boolean => one.startsWith('tokens: ');

function factsOfTurn(turn: Turn): string[] {
  if ('user' in turn) {
    return [
      ...(turn.image === undefined ? [] : [fact.image('image/png', turn.image)]),
      ...(turn.pdf === undefined ? [] : [fact.pdf(turn.pdf)]),
      fact.user(turn.user),
    ];
  }
  if ('assistant' in turn) {
    const said = turn.assistant === '' ? [] : [fact.assistant(turn.assistant)];
    return [...said, ...(turn.calls ?? []).map((call) => fact.call(call.name, call.arguments))];
  }
  return turn.results.flatMap(({ text, failed }) => [fact.result(text), ...(failed === true ? [fact.failed] : [])]);
}

/** What must reach the upstream, in order. */
export function factsAsked(asks: Conversation, stream: boolean): string[] {
  const { system, turns, tools = [], force, schema, thinks, stops = [], cached } = asks;
  return [
    ...(system === undefined ? [] : [fact.system(system)]),
    ...turns.flatMap(factsOfTurn),
    ...tools.map((name) => fact.tool(name, PARAMETERS)),
    ...(force === undefined ? [] : [fact.force(force)]),
    ...(schema === undefined ? [] : [fact.schema(schema)]),
    ...(thinks === true ? [fact.thinks] : []),
    ...stops.map(fact.stop),
    ...(cached === true ? [fact.cached] : []),
    fact.limit(LIMIT),
    ...(stream ? [fact.stream] : []),
  ];
}

/** What the client must decode, in order. */
export function factsAnswered({ text, thought, calls = [], stop }: Answer): string[] {
  return [
    ...(thought === undefined ? [] : [fact.thought(thought)]),
    ...(text === undefined ? [] : [fact.text(text)]),
    ...calls.map((call) => fact.call(call.name, call.arguments)),
    fact.ended(stop),
    fact.usage(TOKENS.input, TOKENS.output),
  ];
}
