/** Which stage of a request a file works for. */
import type { StageOf } from './profile.ts';

/** What has no stage of its own nor a caller with one: the event loop, sockets, timers, and what the profiler cannot see. */
export const REST = 'Node itself: event loop, sockets, what a profile cannot see';

const HTTP = 'Node: HTTP of the client';
const WRITE = 'Node: writing the reply';
const UPSTREAM = 'upstream: undici, and the sockets to it';

/** The first that matches. Frames that match none work for those who call them. */
const STAGES: readonly (readonly [RegExp, string])[] = [
  [/^node:_http_(?:server|common|incoming)/, HTTP],
  [/^node:_http_outgoing/, WRITE],
  [/^node:internal\/process\/task_queues/, REST],
  [/^wasm:/, UPSTREAM],
  [/\/node_modules\/undici\//, UPSTREAM],
  [/\/node_modules\/(?:koa|@koa)/, 'edge: Koa'],
  [/\/core\/(?:src|dist)\/http\/connector/, UPSTREAM],
  [/\/core\/(?:src|dist)\/http\/upstream/, 'upstream: calls and their replies'],
  [/\/core\/(?:src|dist)\/http\//, 'edge: request and reply'],
  [/\/core\/(?:src|dist)\/(?:json|form)\//, 'parse: the outline of bodies'],
  [/\/core\/(?:src|dist)\/(?:chat|sse|usage-json|usage)/, 'parse: usage, events and parts'],
  [/\/core\/(?:src|dist)\/hooks\//, 'hooks: the engine'],
  [/\/core\/(?:src|dist)\/(?:pipeline\/meter|scope|dollars)/, 'pipeline: reserve and settle'],
  [/\/core\/(?:src|dist)\/(?:pipeline\/(?:record|trace)|record|trace)/, 'pipeline: the record'],
  [/\/core\/(?:src|dist)\/(?:kernel\/models|load|route|health)/, 'pipeline: choice of the target'],
  [/\/core\/(?:src|dist)\/pipeline\//, 'pipeline: attempts and replies'],
  [/\/core\/(?:src|dist)\//, 'core: the rest'],
];

const PLUGIN = /\/plugins\/([^/]+)\/(?:src|dist)\//;
const GARBAGE = '(garbage collector)';

/** What a dialect or provider does is encoding; what the others do is their hooks. */
export const stageOf: StageOf = (url, functionName) => {
  if (functionName === GARBAGE) return 'garbage collection';
  if (functionName === '(program)') return REST;
  const plugin = PLUGIN.exec(url)?.[1];
  if (plugin !== undefined) return /^(?:dialect|provider)-/.test(plugin) ? `encode: ${plugin}` : `hook: ${plugin}`;
  return STAGES.find(([pattern]) => pattern.test(url))?.[1];
};
