/**
 * What everything on has to do for one request, written by hand: no Koa, no hooks, no plugins, no configuration, nothing that can go
 * wrong. The parts that write rows and lines are the gateway's. `node by-hand.ts <upstream> <log file> plain|steps|uncounted|redis <redis>`.
 */
import { mkdtempSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import {
  NO_USAGE,
  silentLogger,
  systemClock,
  type AttemptRecord,
  type Cost,
  type Identity,
  type Posting,
  type UsageRow,
} from '@gatewright/core';
import { Pool, type Dispatcher } from 'undici';
import { spareMemory } from '../../core/src/cli/sparing.ts';
import { connector } from '../../core/src/http/connector.ts';
import { newId } from '../../core/src/id.ts';
import { endOfTurn } from '../../core/src/in-step.ts';
import { KeyRing } from '../../plugins/auth-static/src/key-ring.ts';
import { Destination } from '../../plugins/log-pino/src/destination.ts';
import { writeLine } from '../../plugins/log-pino/src/exchange-line.ts';
import { openStore } from '../../plugins/store-sqlite/src/store.ts';
import { UsageJournal } from '../../plugins/usage/src/journal.ts';
import { RedisCounters } from './by-hand-redis.ts';
import { KEY } from './payload.ts';
import { answerProbes, endProbes } from './probe.ts';

/** Nano-dollars of a token. */
const PRICES = { input: 2500, output: 10_000 };
const LIMIT = 1e15;
const SEGMENT = 64 * 1024 * 1024;
const WINDOW = { window: 'periods', name: '1d', period: '2026-01-01' } as const;

/** What a counter has, and what one request takes from it. */
interface Counter {
  readonly unit: 'requests' | 'tokens' | 'nanos';
  readonly key: Omit<Posting, 'held' | 'actual'>;
  spent: number;
  reserved: number;
}

/** Three limits and three budgets, as the gateway beside it has. */
const UNITS = ['requests', 'tokens', 'requests', 'nanos', 'nanos', 'nanos'] as const;
const counters = UNITS.map((unit, at): Counter => {
  const kind = unit === 'nanos' ? 'budget' : 'limit';
  return { unit, key: { kind, scope: `key:bench-${at}`, unit, ...WINDOW }, spent: 0, reserved: 0 };
});

const metrics = new Map<string, number>();
const count = (name: string, more: number): void => void metrics.set(name, (metrics.get(name) ?? 0) + more);

interface Reply {
  readonly id: string;
  readonly model: string;
  readonly usage: { readonly prompt_tokens: number; readonly completion_tokens: number };
}

interface Parts {
  /** Undefined where nothing is counted. */
  readonly journal: UsageJournal | undefined;
  readonly log: Destination;
  /** Where counters and holds are; undefined where they are in this process. */
  readonly redis: RedisCounters | undefined;
  /** Whether what one turn of the event loop reads goes through each step together (core/docs/decisions/0031). */
  readonly inStep: boolean;
}

/** One request, from its body to its row. */
class Handling implements Dispatcher.DispatchHandler {
  readonly #parts: Parts;
  readonly #response: ServerResponse;
  readonly #identity: Identity;
  readonly #model: string;
  readonly #began = performance.now();
  readonly #id = newId(Date.now());
  readonly #holds: readonly number[];
  /** What is reserved and spent of each counter, where Redis has told it. */
  #standing: readonly number[] = [];
  readonly #chunks: Buffer[] = [];

  /** `size`: bytes of the body, which are taken for tokens. */
  constructor(parts: Parts, response: ServerResponse, identity: Identity, model: string, size: number) {
    this.#parts = parts;
    this.#response = response;
    this.#identity = identity;
    this.#model = model;
    this.#holds = parts.journal === undefined ? [] : this.#hold(size);
  }

  #hold(size: number): readonly number[] {
    return counters.map((counter) => {
      const amount = { requests: 1, tokens: size, nanos: size * PRICES.output }[counter.unit];
      if (counter.spent + counter.reserved + amount > LIMIT) throw new Error('That is beyond the limit.');
      counter.reserved += amount;
      return amount;
    });
  }

  /** Resolves when Redis has granted the hold; undefined where nobody has to wait for it. */
  granted(): Promise<void> | undefined {
    const { redis } = this.#parts;
    if (redis === undefined) return undefined;
    const memo = JSON.stringify({ exchange: this.#id, time: Date.now(), model: this.#model, ...this.#identity });
    return redis.reserve(this.#id, memo, this.#holds).then((standing) => {
      this.#standing = standing;
    });
  }

  // undici takes no handler without these.
  onRequestStart(): void {}
  onResponseStart(): void {}

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#chunks.push(chunk);
  }

  onResponseError(): void {
    this.#response.destroy();
  }

  onResponseEnd(): void {
    if (this.#parts.inStep) void endOfTurn().then(() => this.#end());
    else this.#end();
  }

  #end(): void {
    const text = together(this.#chunks).toString();
    const { id, model, usage } = JSON.parse(text) as Reply;
    const { prompt_tokens: input, completion_tokens: output } = usage;
    const cost = costOf(input, output);
    const nanos = Number(cost.nanos);
    const postings = this.#settle({ requests: 1, tokens: input + output, nanos });
    this.#answer(text);
    this.#note(id, model, { ...NO_USAGE, input, output }, cost, postings);
    for (const [name, more] of Object.entries({ requests: 1, attempts: 1, input, output, nanos })) count(name, more);
  }

  #settle(amounts: Readonly<Record<Counter['unit'], number>>): readonly Posting[] {
    const actuals = counters.map(({ unit }) => amounts[unit]);
    this.#parts.redis?.settle(this.#id, this.#holds, actuals);
    return this.#holds.map((held, at) => {
      const counter = counters[at] as Counter;
      const actual = amounts[counter.unit];
      counter.reserved -= held;
      counter.spent += actual;
      return { ...counter.key, held: BigInt(held), actual: BigInt(actual) };
    });
  }

  #answer(text: string): void {
    const left = (at: number): string => String(LIMIT - (this.#standing[2 * at + 1] ?? counters[at]?.spent ?? 0));
    const limits = {
      'x-ratelimit-limit-requests': String(LIMIT),
      'x-ratelimit-remaining-requests': left(0),
      'x-ratelimit-reset-requests': '60s',
      'x-ratelimit-limit-tokens': String(LIMIT),
      'x-ratelimit-remaining-tokens': left(1),
      'x-ratelimit-reset-tokens': '60s',
    };
    this.#response.writeHead(200, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(text),
      'x-request-id': this.#id,
      ...(this.#parts.journal === undefined ? {} : limits),
    });
    this.#response.end(text);
  }

  /** The row and the line. */
  #note(
    upstreamId: string,
    upstreamModel: string,
    usage: NonNullable<UsageRow['usage']>,
    cost: Cost,
    postings: readonly Posting[],
  ): void {
    const [time, duration] = [Date.now(), performance.now() - this.#began];
    const common = { time, operation: 'chat', model: this.#model, surface: 'openai-chat', stream: false } as const;
    const ended = { result: 'success', status: 200, usage, duration } as const;
    void this.#parts.journal?.append({
      ...common,
      ...ended,
      ...this.#identity,
      id: `${this.#id}-1`,
      type: 'final',
      exchange: this.#id,
      provider: 'whole',
      upstreamModel: this.#model,
      upstreamId,
      usageComplete: true,
      postings,
      nanos: cost.nanos,
      price: cost.price,
    });
    const attempt = { ...ended, target: `whole/${this.#model}`, upstreamId, upstreamModel, usageComplete: true, cost };
    const { log } = this.#parts;
    const out = log.begin();
    if (out === undefined) return;
    const attempts = [attempt as AttemptRecord];
    const record = { ...common, ...ended, id: this.#id, identity: this.#identity, attempts, cost };
    writeLine(out, { ...record, warnings: [], overhead: 0 }, 'info');
    log.end();
  }
}

function costOf(input: number, output: number): Cost {
  const [inputNanos, outputNanos] = [BigInt(input * PRICES.input), BigInt(output * PRICES.output)];
  return { nanos: inputNanos + outputNanos, inputNanos, outputNanos, price: 'openai/gpt-4o' };
}

const together = (chunks: readonly Buffer[]): Buffer =>
  chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);

/** Listens on a free port, which the answer is. */
async function startByHand(upstream: string, parts: Parts): Promise<number> {
  const keys = new KeyRing();
  keys.add(KEY, { key: 'bench', user: 'ada', team: 'research' });
  const connect = connector(10_000);
  const pool = new Pool(upstream, { connections: 1024, pipelining: 1, allowH2: false, connect });
  const serve = (request: IncomingMessage, chunks: readonly Buffer[], response: ServerResponse): void => {
    const identity = keys.find((request.headers.authorization ?? '').slice('Bearer '.length));
    if (identity === undefined) throw new Error('Nobody has this key.');
    const body = together(chunks);
    const { model } = JSON.parse(body.toString()) as { readonly model: string };
    const headers = { 'content-type': 'application/json', authorization: 'Bearer upstream-key-0123456789abcdef' };
    const options = { method: 'POST', path: `/whole${request.url}`, headers, body } as const;
    const handling = new Handling(parts, response, identity, model, body.length);
    const dispatch = (): boolean => pool.dispatch({ ...options, headersTimeout: 0, bodyTimeout: 0 }, handling);
    const granted = handling.granted();
    if (granted === undefined) dispatch();
    else void granted.then(dispatch);
  };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (parts.inStep) void endOfTurn().then(() => serve(request, chunks, response));
      else serve(request, chunks, response);
    });
  });
  await new Promise<void>((resolve) => server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, resolve));
  return (server.address() as AddressInfo).port;
}

const [upstream = '', logFile = '', manner, redisUrl] = process.argv.slice(2);
const folder = mkdtempSync(join(dirname(logFile), 'by-hand-'));
const store = openStore(join(folder, 'records.db'), systemClock);
await store.ready;
const files = { directory: join(folder, 'journal'), segmentSize: SEGMENT, durable: false };
const journal = new UsageJournal(files, store, systemClock, silentLogger);
const log = new Destination({ destination: logFile, buffer: 8_388_608 }, systemClock, silentLogger);
await log.opened;
const redis = redisUrl === undefined ? undefined : new RedisCounters(redisUrl, LIMIT);
const parts = { journal: manner === 'uncounted' ? undefined : journal, log, redis, inStep: manner !== 'plain' };
const port = await startByHand(upstream, parts);
spareMemory();
answerProbes(port);
process.once('SIGTERM', () => {
  void journal
    .close()
    .then(() => Promise.all([store.close(), log.close(), redis?.close()]))
    .then(endProbes);
});
