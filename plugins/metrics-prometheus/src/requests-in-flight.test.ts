/** A request is in flight from its first middleware to the close of its reply. */
import { EventEmitter } from 'node:events';
import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { samplesOf, valueOf } from './exposition.test.kit.ts';
import { RequestsInFlight, type Middleware } from './requests-in-flight.ts';

test('counts up, and down again when the reply is closed', async () => {
  const registry = new Registry();
  const middleware = new RequestsInFlight(registry).counting('/metrics');
  const inFlight = async (): Promise<number | undefined> =>
    valueOf(samplesOf(await registry.metrics()), 'gatewright_requests_in_flight');
  const request = (path: string): EventEmitter => {
    const res = new EventEmitter();
    void middleware({ path, res } as unknown as Parameters<Middleware>[0], () => Promise.resolve());
    return res;
  };
  expect(await inFlight()).toBe(0);
  const [first, second] = [request('/v1/chat/completions'), request('/v1/messages')];
  request('/metrics');
  expect(await inFlight()).toBe(2);
  first.emit('close');
  expect(await inFlight()).toBe(1);
  second.emit('close');
  expect(await inFlight()).toBe(0);
});

test('hands on what comes next', async () => {
  const middleware = new RequestsInFlight(new Registry()).counting('/metrics');
  const context = { path: '/', res: new EventEmitter() } as unknown as Parameters<Middleware>[0];
  await expect(middleware(context, () => Promise.reject(new Error('downstream')))).rejects.toThrow('downstream');
});
