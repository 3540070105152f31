/** Lenses of streams outside of a gateway that serves: a provider's dialect in, a client's out. */
import { outlineOf } from '../../core/src/json/outline.ts';
import { createGateway, type Gateway } from '../../core/src/gateway.ts';
import { silentLogger } from '../../core/src/logger.ts';
import type { Dialect, JsonObject, StreamCodec } from '../../core/src/dialect.ts';
import { EventWriter } from '../../core/src/pipeline/streams/event-writer.ts';
import { LiveExchange } from '../../core/src/pipeline/live-exchange.ts';
import type { Lens } from '../../core/src/pipeline/streams/lens.ts';
import { ObserveLens } from '../../core/src/pipeline/streams/observe-lens.ts';
import { RewriteLens } from '../../core/src/pipeline/streams/rewrite-lens.ts';
import { spawnExchange } from '../../core/src/pipeline/spawn.ts';
import type { Plugin } from '../../core/src/plugin.ts';
import { chatRequest } from './payload.ts';
import type { MicroCase } from './micro.ts';

/** The packages whose dialects are measured. */
const DIALECTS = ['openai', 'anthropic', 'gemini', 'bedrock', 'cohere', 'ollama'].map(
  (name) => `@gatewright/dialect-${name}`,
);

export function openGateway(plugins: readonly Plugin[] = []): Promise<Gateway> {
  const uses = [...DIALECTS, ...plugins].map((use) => ({ use }));
  return createGateway({ plugins: uses }, { cwd: import.meta.dirname, logger: silentLogger, dry: 'ready' });
}

/** Throws an Error for a dialect that no plugin registers. */
export function dialectOf({ kernel }: Gateway, id: string): Dialect<'chat'> {
  const dialect = kernel.dialects.get(id);
  if (dialect === undefined) throw new Error(`No plugin registers the dialect ${id}.`);
  return dialect as unknown as Dialect<'chat'>;
}

/** Opens lenses through which a client of the provider's dialect sees the provider's own bytes. */
export function observer(gateway: Gateway, id: string): () => Lens {
  const exchange = exchangeOf(gateway, id);
  return () => new ObserveLens(exchange, codecOf(gateway, id), source(gateway, id));
}

/** Opens lenses through which a client of one dialect sees a provider of another, or of the same. */
export function rewriter(gateway: Gateway, provider: string, client: string): () => Lens {
  const exchange = exchangeOf(gateway, client);
  const from = source(gateway, provider);
  return () => new RewriteLens(new EventWriter(exchange, codecOf(gateway, client), from), from);
}

/** Sends chunks with so many events through lenses. */
export function lensCase(name: string, chunks: readonly Buffer[], count: number, open: () => Lens): MicroCase {
  return {
    name,
    per: 'event',
    count,
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

function codecOf(gateway: Gateway, id: string): StreamCodec {
  const { stream } = dialectOf(gateway, id).codec;
  if (stream === undefined) throw new Error(`The dialect ${id} has no streams.`);
  return stream;
}

function source(gateway: Gateway, id: string) {
  const dialect = dialectOf(gateway, id) as unknown as Dialect;
  return { dialect, headers: {}, target: 'bench/model', usageInjected: false };
}

function exchangeOf(gateway: Gateway, id: string): LiveExchange {
  const exchange = new LiveExchange(gateway.kernel, {
    id: 'gw_bench',
    operation: 'chat',
    surface: undefined,
    dialect: dialectOf(gateway, id),
    headers: {},
    method: 'POST',
    path: '/',
    remoteAddress: undefined,
    credential: undefined,
    spawner: spawnExchange,
  });
  exchange.body = outlineOf(requestOf(gateway, id));
  exchange.stream = true;
  return exchange;
}

/** A short request in a dialect. */
function requestOf(gateway: Gateway, id: string): Buffer {
  const asked = JSON.parse(chatRequest('gpt-4o', 400, true).toString()) as JsonObject;
  const neutral = dialectOf(gateway, 'openai-chat').codec.decodeRequest(asked, { headers: {} });
  const context = { model: 'bench', unsupported: () => undefined, warn: () => undefined };
  return Buffer.from(JSON.stringify(dialectOf(gateway, id).codec.encodeRequest(neutral, context)));
}
