/** The cost of an event in each tier of a stream, beside a plain pipe. */
import type { ChatEvent } from '../../core/src/chat/event.ts';
import type { EventTransform } from '../../core/src/hooks/points.ts';
import { createGateway, type Gateway } from '../../core/src/gateway.ts';
import { outlineOf } from '../../core/src/json/outline.ts';
import { definePlugin } from '../../core/src/plugin.ts';
import { LiveExchange } from '../../core/src/pipeline/live-exchange.ts';
import { ObserveLens } from '../../core/src/pipeline/observe-lens.ts';
import { RewriteLens } from '../../core/src/pipeline/rewrite-lens.ts';
import type { Lens } from '../../core/src/pipeline/lens.ts';
import { spawnExchange } from '../../core/src/pipeline/spawn.ts';
import { z } from 'zod';
import type { MicroCase } from './micro.ts';
import { chatEvents, chatRequest, messagesRequest } from './payload.ts';

const EVENTS = chatEvents(100);
const BURST = [Buffer.concat(EVENTS)];

const SAME: EventTransform<ChatEvent> = { event: (event) => [event], end: () => [] };

/** Taps the events of streams and changes none. */
const watcher = definePlugin({
  name: 'watcher',
  version: '1.0.0',
  engine: '^1',
  options: z.strictObject({}),
  setup({ hooks }) {
    hooks.transform.event.tap('chat', () => SAME);
  },
});

export async function streamCases(): Promise<MicroCase[]> {
  const plain = await gateway(false);
  const tapped = await gateway(true);
  const observe = (): Lens =>
    new ObserveLens(exchangeOf(plain, 'openai-chat'), codecOf(plain, 'openai-chat'), source(plain));
  const rewrite = (from: Gateway, client: string) => (): Lens =>
    new RewriteLens(exchangeOf(from, client), codecOf(from, client), source(from));
  return [
    pipe(),
    ...[EVENTS, BURST].flatMap((chunks) => [
      lens(`observe${manner(chunks)}`, chunks, observe),
      lens(`rewrite, one tap that changes nothing${manner(chunks)}`, chunks, rewrite(tapped, 'openai-chat')),
      lens(`translate into Anthropic messages${manner(chunks)}`, chunks, rewrite(plain, 'anthropic-messages')),
    ]),
  ];
}

const manner = (chunks: readonly Buffer[]): string => (chunks === BURST ? ', all in one chunk' : ', a chunk each');

function pipe(): MicroCase {
  return {
    name: 'plain pipe, a chunk each',
    per: 'event',
    count: EVENTS.length,
    run() {
      const out: Buffer[] = [];
      for (const chunk of EVENTS) out.push(chunk);
    },
  };
}

function lens(name: string, chunks: readonly Buffer[], open: () => Lens): MicroCase {
  return {
    name,
    per: 'event',
    count: EVENTS.length,
    run() {
      const through = open();
      let out: Buffer[] = [];
      for (const chunk of chunks) {
        through.push(chunk, out);
        out = [];
      }
      through.finish(out);
      if (through.malformed > 0) throw new Error('The events were not understood.');
    },
  };
}

function gateway(tapped: boolean): Promise<Gateway> {
  const dialects = ['@gatewright/dialect-openai', '@gatewright/dialect-anthropic'].map((use) => ({ use }));
  const plugins = tapped ? [...dialects, { use: watcher }] : dialects;
  return createGateway({ plugins }, { cwd: import.meta.dirname });
}

function dialectOf({ kernel }: Gateway, id: string) {
  const dialect = kernel.dialects.get(id);
  if (dialect === undefined) throw new Error(`No plugin registers the dialect ${id}.`);
  return dialect;
}

function codecOf(from: Gateway, id: string) {
  const { stream } = dialectOf(from, id).codec;
  if (stream === undefined) throw new Error(`The dialect ${id} has no streams.`);
  return stream;
}

function source(from: Gateway) {
  return { dialect: dialectOf(from, 'openai-chat'), headers: {}, target: 'bench/gpt-4o', usageInjected: false };
}

function exchangeOf(from: Gateway, dialect: string): LiveExchange {
  const exchange = new LiveExchange(from.kernel, {
    id: 'gw_bench',
    operation: 'chat',
    surface: undefined,
    dialect: dialectOf(from, dialect),
    headers: {},
    method: 'POST',
    path: '/',
    remoteAddress: undefined,
    credential: undefined,
    spawner: spawnExchange,
  });
  const ask = dialect === 'openai-chat' ? chatRequest : messagesRequest;
  exchange.body = outlineOf(ask('gpt-4o', 400, true));
  exchange.stream = true;
  return exchange;
}
