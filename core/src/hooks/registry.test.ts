import { describe, expect, test } from 'vitest';
import type { Clock } from '../clock.ts';
import { GatewayError } from '../errors.ts';
import type { Exchange } from '../exchange.ts';
import type { HookPoints } from './points.ts';
import { HookRegistry } from './registry.ts';

/** A clock whose timers fire when the test says so. */
class ManualClock implements Clock {
  time = 0;
  timers: { at: number; task: () => void }[] = [];
  now = (): number => this.time;
  monotonic = (): number => this.time;
  after(delay: number, task: () => void): () => void {
    const timer = { at: this.time + delay, task };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((one) => one !== timer);
    };
  }
  advance(milliseconds: number): void {
    this.time += milliseconds;
    for (const timer of this.timers) {
      if (timer.at > this.time) continue;
      this.timers = this.timers.filter((one) => one !== timer);
      timer.task();
    }
  }
}

const exchange = { trace: undefined } as Exchange;

function registry(setUp: (points: (id: string) => HookPoints) => void) {
  const clock = new ManualClock();
  const reported: GatewayError[] = [];
  const hooks = new HookRegistry(clock, 1000, (error) => reported.push(error));
  const points = (id: string): HookPoints => hooks.pointsFor({ id, where: `gatewright.yaml:${id.length}:5` });
  setUp(points);
  hooks.seal(new Set(['a', 'b', 'c']));
  return { hooks, clock, reported, points };
}

test('taps run in config order, though a service may have its plugin set up earlier', () => {
  const { hooks } = registry((points) => {
    for (const id of ['c', 'a', 'b']) points(id).log.tap(() => undefined);
  });
  expect(hooks.list('log').map(({ spec }) => spec.plugin.id)).toEqual(['a', 'b', 'c']);
});

async function failure(run: () => unknown): Promise<GatewayError> {
  try {
    await run();
  } catch (error) {
    return error as GatewayError;
  }
  throw new Error('did not fail');
}

describe('auth', () => {
  test('the first identity is taken, and later taps are not asked', async () => {
    let asked = 0;
    const { hooks } = registry((points) => {
      points('a').auth.tap(() => undefined);
      points('b').auth.tap(async () => ({ key: 'k' }));
      points('c').auth.tap(() => {
        asked++;
        return { key: 'other' };
      });
    });
    expect(await hooks.of('chat').auth?.run(exchange, exchange)).toEqual({ key: 'k' });
    expect(asked).toBe(0);
  });

  test('null counts as "not mine" and does not let anyone in', async () => {
    const { hooks } = registry((points) => {
      points('a').auth.tap(() => null as never);
      points('b').auth.tap(() => ({ key: 'b' }));
    });
    expect(await hooks.of('chat').auth?.run(exchange, exchange)).toEqual({ key: 'b' });
  });

  test.each([
    [
      'a synchronous throw',
      () => {
        throw new Error('boom');
      },
    ],
    ['a rejected promise', () => Promise.reject(new Error('boom'))],
  ])('%s names plugin, hook and config line', async (_name, fn) => {
    const { hooks } = registry((points) => points('a').auth.tap(fn));
    const error = await failure(() => hooks.of('chat').auth?.run(exchange, exchange));
    expect(error).toMatchObject({ code: 'GW_PLUGIN_FAILED', details: { plugin: 'a', hook: 'auth' } });
    expect(error.message).toBe('Plugin "a" (gatewright.yaml:1:5) failed in hook auth: boom');
  });

  test("a plugin's own GatewayError keeps its code and status and gains its name", async () => {
    const { hooks } = registry((points) => {
      points('a').auth.tap(() => {
        throw new GatewayError('GW_FORBIDDEN', 'Not you.', { status: 418 });
      });
    });
    const error = await failure(() => hooks.of('chat').auth?.run(exchange, exchange));
    expect(error).toMatchObject({ code: 'GW_FORBIDDEN', status: 418, message: 'Not you.', details: { plugin: 'a' } });
  });

  test('nonsense is refused', async () => {
    const { hooks } = registry((points) => points('a').auth.tap(() => 42 as never));
    const error = await failure(() => hooks.of('chat').auth?.run(exchange, exchange));
    expect(error.code).toBe('GW_PLUGIN_RESULT');
    expect(error.message).toBe(
      'Plugin "a" (gatewright.yaml:1:5) returned something that hook auth does not take: expected an identity with a string `key`, or undefined.',
    );
  });

  test('a tap that hangs is given up after its time, and a late answer changes nothing', async () => {
    let answer: (identity: { key: string }) => void = () => undefined;
    const { hooks, clock } = registry((points) => {
      points('a').auth.tap(() => new Promise((resolve) => (answer = resolve)), { timeout: 50 });
    });
    const run = hooks.of('chat').auth?.run(exchange, exchange);
    clock.advance(49);
    clock.advance(1);
    const error = await failure(() => run);
    expect(error.message).toBe('Plugin "a" (gatewright.yaml:1:5) did not return from hook auth within 50 ms.');
    answer({ key: 'late' });
    await Promise.resolve();
    expect(hooks.stats()[0]).toMatchObject({ calls: 1, errors: 1 });
  });
});

describe('sealing', () => {
  test('a tap after setup is refused by name', () => {
    const { points } = registry(() => undefined);
    expect(() => points('a').log.tap(() => undefined)).toThrow(
      'Plugin "a" (gatewright.yaml:1:5) tapped hook log wrongly: taps can only be added while setup runs; the hooks are sealed.',
    );
  });

  test('what is no function is refused', () => {
    registry((points) => {
      expect(() => points('a').log.tap('x' as never)).toThrow('a tap must be a function, not string');
    });
  });

  test('a hook that nobody taps costs nothing: there is no series for it', () => {
    const { hooks } = registry((points) => points('a').transform.request.tap('chat', (request) => request));
    expect(hooks.of('models').request).toBeUndefined();
    expect(hooks.of('chat').request).toBeDefined();
    expect(hooks.of('chat').auth).toBeUndefined();
  });

  test('two plugins that serve one provider are a problem', () => {
    const { hooks } = registry((points) => {
      points('a').call.tap(async () => ({ response: {} }) as never, { provider: 'p', operations: {} });
      points('b').call.tap(async () => ({ response: {} }) as never, { provider: 'p', operations: {} });
    });
    expect(hooks.problems[0]?.message).toBe(
      'Plugin "b" (gatewright.yaml:1:5) serves the provider "p", which "a" (gatewright.yaml:1:5) serves already.',
    );
  });
});

describe('the response side', () => {
  test('runs in reverse config order, so that pairs nest', async () => {
    const { hooks } = registry((points) => {
      points('a').transform.response.tap('chat', (response) => ({ ...response, id: `${response.id}a` }));
      points('b').transform.response.tap('chat', async (response) => ({ ...response, id: `${response.id}b` }));
    });
    const changed = await hooks.of('chat').response?.run({ id: '' }, exchange);
    expect(changed).toEqual({ id: 'ba' });
  });
});

describe('meter.settle', () => {
  test('a failing tap is reported and keeps no other from running', async () => {
    const ran: string[] = [];
    const { hooks, reported } = registry((points) => {
      points('a').meter.settle.tap(() => {
        throw new Error('full');
      });
      points('b').meter.settle.tap(async () => {
        ran.push('b');
      });
    });
    await hooks.of('chat').settle?.run({}, {}, exchange);
    expect(ran).toEqual(['b']);
    expect(reported.map((error) => error.message)).toEqual([
      'Plugin "a" (gatewright.yaml:1:5) failed in hook meter.settle: full',
    ]);
  });
});

describe('synchronous hooks', () => {
  test('an async function is refused and its rejection is caught', () => {
    const { hooks } = registry((points) => {
      points('a').log.tap(() => Promise.reject(new Error('unseen')) as never);
    });
    const [tap] = hooks.of('chat').log;
    expect(() => tap?.runSync(exchange, {})).toThrow('expected a plain value, for it is synchronous');
  });
});

test('calls, errors and time are counted for every tap, waiting included', async () => {
  const { hooks, clock } = registry((points) => {
    points('a').auth.tap(async () => {
      clock.advance(3);
      await Promise.resolve();
      clock.advance(4);
      return { key: 'k' };
    });
  });
  await hooks.of('chat').auth?.run(exchange, exchange);
  expect(hooks.stats()).toEqual([{ hook: 'auth', plugin: 'a', calls: 1, errors: 0, time: 7 }]);
});

test('an explained exchange hears what every tap did', async () => {
  const { hooks } = registry((points) => points('a').auth.tap(() => ({ key: 'k' })));
  const trace = { steps: [] };
  await hooks.of('chat').auth?.run({}, { trace });
  expect(trace.steps).toEqual([{ hook: 'auth', plugin: 'a', result: 'identity k', duration: 0 }]);
});
