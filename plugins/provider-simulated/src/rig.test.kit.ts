/** What the tests of the simulated provider stand on: attempts, and answers run to their end by a clock held by hand. */
import type { Attempt, Exchange, Operation, WireReply } from '@gatewright/core';
import { ManualClock } from '@gatewright/testkit';
import { simulatedCall } from './call.ts';
import { options } from './options.ts';
import type { Prompt } from './prompt.ts';

export interface AttemptParts {
  readonly body?: unknown;
  readonly headers?: number;
  readonly idle?: number;
  readonly onAbort?: (listener: (reason: Error) => void) => void;
}

/** An attempt, as far as the simulated provider looks at it. */
export function attemptOf(parts: AttemptParts = {}): Attempt {
  const { body = {} } = parts;
  const timeouts = { connect: 1000, headers: parts.headers ?? 60_000, idle: parts.idle ?? 60_000, total: 600_000 };
  const attempt = {
    target: { id: 'simulated/sim', timeouts },
    body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
    headers: {},
    onAbort(listener: (reason: Error) => void) {
      parts.onAbort?.(listener);
      return () => undefined;
    },
  };
  return attempt as unknown as Attempt;
}

export function exchangeOf(operation: Operation = 'chat'): Exchange {
  return { operation } as unknown as Exchange;
}

/** All that came of a call. */
export interface Outcome {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
  readonly chunks: readonly Buffer[];
  /** The error that the call or the body ended with. */
  readonly error?: Error;
  /** When it ended, by the clock. */
  readonly time: number;
}

export interface Asking extends AttemptParts {
  readonly options?: Record<string, unknown>;
  readonly operation?: Operation;
  readonly clock?: ManualClock;
}

/** A provider that can be asked again and again; each call runs to its end by the hand-held clock. */
export function provider(more: Record<string, unknown> = {}): (asking: Asking) => Promise<Outcome> {
  const clock = new ManualClock();
  const call = simulatedCall(options.parse(more), clock);
  return ({ operation, ...parts }) => outcomeOf(call(attemptOf(parts), exchangeOf(operation)), clock);
}

/** Asks a new provider once. */
export function ask({ options, ...asking }: Asking): Promise<Outcome> {
  return provider(options)(asking);
}

async function outcomeOf(call: Promise<WireReply>, clock: ManualClock): Promise<Outcome> {
  const result = whole(call, clock);
  const state = { over: false };
  const watched = result.finally(() => (state.over = true));
  while (!state.over) {
    await new Promise((resolve) => setImmediate(resolve));
    if (!state.over) clock.step();
  }
  return watched;
}

async function whole(call: Promise<WireReply>, clock: ManualClock): Promise<Outcome> {
  const chunks: Buffer[] = [];
  const start = clock.monotonic();
  const end = (reply?: WireReply, error?: Error): Outcome => ({
    status: reply?.status ?? 0,
    headers: reply?.headers ?? {},
    text: Buffer.concat(chunks).toString(),
    chunks,
    ...(error === undefined ? {} : { error }),
    time: clock.monotonic() - start,
  });
  try {
    const reply = await call;
    const error = await new Promise<Error | undefined>((resolve) => {
      reply.body.pipe({ data: (chunk) => chunks.push(chunk), end: () => resolve(undefined), error: resolve });
    });
    return end(reply, error);
  } catch (error) {
    return end(undefined, error as Error);
  }
}

/** The data of each event of a stream, comments left out. */
export function eventsIn(text: string): string[] {
  return text
    .split(/\r?\n\r?\n/u)
    .flatMap((event) => event.split(/\r?\n/u))
    .filter((line) => line.startsWith('data: '))
    .map((line) => line.slice(6));
}

/** A prompt in which everything that is not said is as usual. */
export function promptOf(parts: Partial<Prompt>): Prompt {
  return {
    model: 'sim',
    stream: false,
    streamUsage: false,
    question: '',
    turns: 1,
    results: [],
    attachments: 0,
    tools: [],
    toolChoice: { kind: 'auto' },
    parallelTools: true,
    format: { kind: 'text' },
    reasoning: 'none',
    maxOutput: undefined,
    stop: [],
    candidates: 1,
    logprobs: false,
    inputTokens: 10,
    ...parts,
  };
}
