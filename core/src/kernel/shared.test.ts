import { expect, test } from 'vitest';
import { SharedThings } from './shared.ts';

test('a thing is opened once, and closed when its last user is gone', async () => {
  const shared = new SharedThings();
  const log: string[] = [];
  const open = (): object => {
    log.push('open');
    return {};
  };
  const close = (): void => void log.push('close');
  const first = shared.acquire('pool', open, close);
  const second = shared.acquire('pool', open, close);
  expect(second).toBe(first);
  await shared.release('pool');
  expect(log).toEqual(['open']);
  await shared.release('pool');
  expect(log).toEqual(['open', 'close']);
  await shared.release('pool');
  expect(shared.acquire('pool', open, close)).not.toBe(first);
});
