import { expect, test } from 'vitest';
import type { ChatEvent } from '../../chat/event.ts';
import { StreamTail, type Group } from './stream-tail.ts';

const delta: ChatEvent = { type: 'part-delta', candidate: 0, index: 0, delta: { kind: 'text', text: 'a' } };
const partEnd: ChatEvent = { type: 'part-end', candidate: 0, index: 0 };
const stop: ChatEvent = { type: 'stop', candidate: 0, stop: { reason: 'stop' } };
const ping: ChatEvent = { type: 'ping' };
const bytes = Buffer.from('frame');
const group = (...events: ChatEvent[]): Group => ({ events, bytes });

test('closing events wait for what comes behind them', () => {
  const tail = new StreamTail();
  expect(tail.push(group(delta))).toEqual([group(delta)]);
  expect(tail.push(group(partEnd))).toEqual([]);
  expect(tail.push(group(delta))).toEqual([group(partEnd), group(delta)]);
  expect(tail.push(group(stop))).toEqual([]);
  expect(tail.release()).toEqual([group(stop)]);
  expect(tail.release()).toEqual([]);
});

test('a frame with both is divided, and its bytes are not those of its parts', () => {
  const tail = new StreamTail();
  expect(tail.push(group(delta, partEnd, stop))).toEqual([{ events: [delta], bytes: undefined }]);
  expect(tail.release()).toEqual([{ events: [partEnd, stop], bytes: undefined }]);
});

test('a ping waits for nobody and moves nobody', () => {
  const tail = new StreamTail();
  tail.push(group(partEnd));
  expect(tail.push(group(ping))).toEqual([group(ping)]);
  expect(tail.release()).toEqual([group(partEnd)]);
});
