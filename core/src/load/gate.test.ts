/** A gate lets in as many as it may, and the rest in turns. */
import { describe, expect, test } from 'vitest';
import { Abort } from '../abort.ts';
import type { GatewayError } from '../errors.ts';
import { ManualClock } from '../manual-clock.test.kit.ts';
import { Gate, type GateLimits } from './gate.ts';

const LIMITS: GateLimits = { concurrency: 2, queue: 4, wait: 1000 };

/** A gate, and what happened at it: `a1+` was let in, `a1-GW_OVERLOADED` was sent away. */
function gateway() {
  const clock = new ManualClock();
  const gate = new Gate(clock, 'The gateway');
  const log: string[] = [];
  const errors: GatewayError[] = [];
  const leaves = new Map<string, () => void>();
  const aborts = new Map<string, Abort>();
  const come = (name: string, limits: GateLimits = LIMITS): void => {
    const abort = new Abort();
    aborts.set(name, abort);
    const visitor = { tenant: name.charAt(0), onAbort: (listener: (reason: Error) => void) => abort.onAbort(listener) };
    const said = async (): Promise<void> => {
      try {
        const leave = await gate.enter(visitor, limits);
        leaves.set(name, leave);
        log.push(`${name}+`);
      } catch (error) {
        errors.push(error as GatewayError);
        log.push(`${name}-${(error as GatewayError).code ?? (error as Error).message}`);
      }
    };
    void said();
  };
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  const happened = async (): Promise<string> => {
    await settle();
    return log.splice(0).join(' ');
  };
  return { clock, gate, come, errors, happened, leave: (name: string) => leaves.get(name)?.(), abort: aborts };
}

describe('a gate', () => {
  test('lets in as many as it may; who leaves makes room for the next', async () => {
    const { come, leave, happened, gate } = gateway();
    for (const name of ['a1', 'a2', 'a3']) come(name);
    expect(await happened()).toBe('a1+ a2+');
    expect([gate.running, gate.waiting]).toEqual([2, 1]);
    leave('a1');
    leave('a1');
    expect(await happened()).toBe('a3+');
    expect([gate.running, gate.waiting]).toEqual([2, 0]);
  });

  test('lets tenants take turns, whoever came first with many', async () => {
    const { come, leave, happened } = gateway();
    for (const name of ['a1', 'a2', 'a3', 'a4', 'b1', 'c1']) come(name);
    await happened();
    const order: string[] = [];
    for (let left = 'a1'; order.length < 4;) {
      leave(left);
      const [next = ''] = (await happened()).split('+');
      order.push(next);
      left = next;
    }
    expect(order).toEqual(['a3', 'b1', 'c1', 'a4']);
  });

  test('sends away who finds the line full, with a time to come again', async () => {
    const { come, happened, errors, gate } = gateway();
    for (const name of ['a1', 'a2', 'b1', 'c1', 'd1', 'e1', 'f1']) come(name);
    expect((await happened()).split(' ').toSorted()).toEqual(['a1+', 'a2+', 'f1-GW_OVERLOADED']);
    expect(errors[0]).toMatchObject({ status: 503, retryable: true });
    expect(errors[0]?.details.retryAfter).toBeGreaterThanOrEqual(1000);
    expect(gate.shed).toBe(1);
  });

  test('lets no tenant fill the line alone: the last of the longest line gives way', async () => {
    const { come, happened } = gateway();
    for (const name of ['a1', 'a2', 'a3', 'a4', 'a5', 'a6', 'b1', 'b2', 'b3']) come(name);
    const sent = (await happened()).split(' ').filter((one) => !one.endsWith('+'));
    expect(sent.toSorted()).toEqual(['a5-GW_OVERLOADED', 'a6-GW_OVERLOADED', 'b3-GW_OVERLOADED']);
  });

  test('sends away who has waited too long; who was let in has no timer left', async () => {
    const { clock, come, leave, happened } = gateway();
    for (const name of ['a1', 'a2', 'a3', 'a4']) come(name);
    await happened();
    leave('a1');
    await happened();
    clock.advance(1000);
    expect(await happened()).toBe('a4-GW_OVERLOADED');
    expect(clock.waiting).toBe(0);
  });

  test('forgets who left the line', async () => {
    const { clock, come, leave, happened, gate, abort } = gateway();
    for (const name of ['a1', 'a2', 'b1', 'c1']) come(name);
    abort.get('b1')?.abort(new Error('gone'));
    expect(await happened()).toBe('a1+ a2+ b1-gone');
    leave('a1');
    expect(await happened()).toBe('c1+');
    expect([gate.running, gate.waiting, clock.waiting]).toEqual([2, 0, 0]);
    const gone = new Abort();
    gone.abort(new Error('gone before'));
    const visitor = { tenant: 'z', onAbort: (listener: (reason: Error) => void) => gone.onAbort(listener) };
    await expect(gate.enter(visitor, LIMITS)).rejects.toThrow('gone before');
    expect([gate.waiting, clock.waiting]).toEqual([0, 0]);
  });

  test('follows limits that change: a reload may let more in at once', async () => {
    const { come, happened } = gateway();
    for (const name of ['a1', 'a2', 'a3', 'a4']) come(name);
    await happened();
    come('b1', { ...LIMITS, concurrency: 5 });
    expect((await happened()).split(' ').toSorted()).toEqual(['a3+', 'a4+', 'b1+']);
  });
});
