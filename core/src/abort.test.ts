import { expect, test } from 'vitest';
import { Abort, type Abortable } from './abort.ts';

const reason = new Error('gone');

test('tells every listener once, and those that come late at once', () => {
  const abort = new Abort();
  const heard: string[] = [];
  abort.onAbort(() => heard.push('a'));
  const unlisten = abort.onAbort(() => heard.push('b'));
  unlisten();
  abort.abort(reason);
  abort.abort(new Error('again'));
  abort.onAbort((why) => heard.push(why.message));
  expect(heard).toEqual(['a', 'gone']);
  expect(abort.reason).toBe(reason);
});

test('its signal agrees with it, whenever it was asked for', () => {
  const early = new Abort();
  const { signal } = early;
  expect(signal.aborted).toBe(false);
  early.abort(reason);
  expect(signal.reason).toBe(reason);
  const late = new Abort();
  late.abort(reason);
  expect(late.signal.aborted).toBe(true);
});

test('a listener that takes another back while being told does not skip anyone', () => {
  const abort = new Abort();
  const heard: string[] = [];
  const unlisten: (() => void)[] = [];
  abort.onAbort(() => {
    heard.push('first');
    for (const stop of unlisten) stop();
  });
  unlisten.push(abort.onAbort(() => heard.push('second')));
  abort.abort(reason);
  expect(heard).toEqual(['first', 'second']);
});

test('a race is won by the promise, or by the abort where that comes first', async () => {
  expect(await new Abort().race(Promise.resolve(7))).toBe(7);
  await expect(new Abort().race(Promise.reject(new Error('of its own')))).rejects.toThrow('of its own');
  const abort = new Abort();
  const raced = abort.race(new Promise(() => undefined));
  abort.abort(new Error('gone'));
  await expect(raced).rejects.toThrow('gone');
  await expect(abort.race(new Promise(() => undefined))).rejects.toThrow('gone');
});

test('a listener that nobody takes back hears of the abort, once', () => {
  const abort = new Abort();
  const heard: string[] = [];
  abort.listen(({ message }) => heard.push(message));
  abort.abort(new Error('first'));
  abort.abort(new Error('second'));
  abort.listen(({ message }) => heard.push(`late ${message}`));
  expect(heard).toEqual(['first', 'late first']);
});

test('an object hears of it as a function does, and is taken back like one', () => {
  const abort = new Abort();
  const heard: string[] = [];
  const named = (name: string): Abortable => ({
    aborted: ({ message }) => void heard.push(`${name} ${message}`),
  });
  const [first, second, third] = [named('first'), named('second'), named('third')];
  for (const one of [first, second, third]) abort.listen(one);
  abort.unlisten(first);
  abort.unlisten(first);
  abort.listen(first);
  abort.unlisten(second);
  abort.abort(reason);
  abort.listen(second);
  expect(heard).toEqual(['third gone', 'first gone', 'second gone']);
});
