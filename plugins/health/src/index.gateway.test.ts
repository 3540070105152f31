/** A gateway whose provider fails: it stops asking, says so, and comes back by itself. */
import { GatewayError } from '@gatewright/core';
import stateMemory from '@gatewright/state-memory';
import { afterEach, expect, test } from 'vitest';
import { closeAll, CUT, failing, inline, startRig, WELL } from './rig.test.kit.ts';

afterEach(closeAll);

test('the only target: it opens, sheds without a call, tries when its time has come, and closes', async () => {
  const { ask, asks, main, clock, health } = await startRig();
  main.answer(failing(500));
  await asks(5);
  expect(main.received).toHaveLength(5);
  const shed = await ask();
  expect(shed).toMatchObject({ status: 503, headers: { 'retry-after': '10' } });
  expect(shed.headers['x-should-retry']).toBeUndefined();
  expect(shed.body.error).toMatchObject({
    code: 'GW_TARGET_UNHEALTHY',
    message: 'main/up is not called: 5 calls failed in a row, the last with status 500. It is tried again in 10 s.',
  });
  await Promise.all(Array.from({ length: 50 }, () => ask()));
  clock.advance(6_000);
  expect((await ask()).headers['retry-after']).toBe('4');
  expect(main.received).toHaveLength(5);
  clock.advance(4_000);
  main.answer(WELL);
  expect([(await ask()).status, health().of('main/up')?.state]).toEqual([200, 'half-open']);
  expect([(await ask()).status, health().of('main/up')?.state]).toEqual([200, 'closed']);
  expect((await ask()).status).toBe(200);
  expect(main.received).toHaveLength(8);
});

test('with a fallback, clients notice nothing, and the target that is away is not asked', async () => {
  const { ask, main, spare, clock } = await startRig();
  main.answer(failing(503));
  for (let count = 0; count < 20; count++) expect((await ask('safe')).status).toBe(200);
  expect([main.received.length, spare.received.length]).toEqual([5, 20]);
  clock.advance(10_000);
  for (let count = 0; count < 20; count++) expect((await ask('safe')).status).toBe(200);
  expect([main.received.length, spare.received.length]).toEqual([6, 40]);
});

test('a primary that comes and goes for a minute costs few calls, and its clients notice nothing', async () => {
  const { ask, main, clock, health } = await startRig({ options: { failures: 3, pause: '5s' } });
  let inVain = 0;
  for (let time = 0; time < 60_000; time += 250) {
    const up = Math.floor(time / 4000) % 2 === 1;
    main.answer(up ? WELL : failing(503));
    const before = main.received.length;
    expect((await ask('safe')).status).toBe(200);
    if (!up) inVain += main.received.length - before;
    clock.advance(250);
  }
  // Without a breaker, half of the 240 requests would have asked it in vain.
  expect(inVain).toBeGreaterThan(3);
  expect(inVain).toBeLessThanOrEqual(12);
  expect(health().of('main/up')?.openings).toBeGreaterThan(1);
});

test('of all targets being away, the client hears when the first is tried again', async () => {
  const { ask, asks, main, spare, clock } = await startRig();
  main.answer(failing(500));
  spare.answer(failing(502));
  await asks(5, 'alone');
  clock.advance(3_000);
  await asks(5, 'spare');
  const both = await ask('safe');
  expect([both.status, both.headers['retry-after'], both.body.error?.code]).toEqual([503, '7', 'GW_TARGET_UNHEALTHY']);
});

test('what a provider said itself goes before that another one is not called', async () => {
  const { ask, asks, main, spare } = await startRig();
  spare.answer(failing(500));
  await asks(5, 'spare');
  main.answer(failing(502));
  expect(await ask('safe')).toMatchObject({ status: 502, body: { error: { message: 'It is 502.' } } });
});

test('many at once that try whether it is back cost as many calls as may try', async () => {
  const { ask, asks, main, clock, health } = await startRig();
  main.answer(failing(500));
  await asks(5);
  clock.advance(10_000);
  const replies = await Promise.all(Array.from({ length: 40 }, () => ask()));
  expect(main.received).toHaveLength(7);
  expect(replies.filter(({ status }) => status === 503)).toHaveLength(38);
  expect(health().of('main/up')).toMatchObject({ state: 'open', openings: 2 });
});

test('requests that the provider refuses as no good leave it closed', async () => {
  const { ask, main, health } = await startRig();
  for (const status of [400, 404, 413, 422, 403]) {
    main.answer(failing(status));
    for (let count = 0; count < 30; count++) expect((await ask()).status).toBe(status);
  }
  expect([main.received.length, health().of('main/up')?.state]).toEqual([150, 'closed']);
});

test('refused budgets leave it closed', async () => {
  let poor = true;
  const purse = inline('purse', ({ hooks }) => {
    hooks.meter.reserve.tap(() => {
      if (poor) throw new GatewayError('GW_BUDGET_EXCEEDED', 'Nothing is left.');
      return undefined;
    });
  });
  const { ask, main, health } = await startRig({ plugins: [purse] });
  for (let count = 0; count < 30; count++) expect((await ask()).status).toBe(402);
  poor = false;
  expect([(await ask()).status, main.received.length, health().of('main/up')?.failed]).toEqual([200, 1, 0]);
});

test('a budget that refuses a call that would have tried does not keep the target away', async () => {
  let poor = false;
  const purse = inline('purse', ({ hooks }) => {
    hooks.meter.reserve.tap(() => {
      if (poor) throw new GatewayError('GW_BUDGET_EXCEEDED', 'Nothing is left.');
      return undefined;
    });
  });
  const { asks, main, clock, health } = await startRig({ plugins: [purse, stateMemory] });
  main.answer(failing(500));
  await asks(5);
  main.answer(WELL);
  clock.advance(10_000);
  poor = true;
  await asks(10);
  poor = false;
  // Places of calls that were never begun are free after five seconds.
  clock.advance(5_001);
  await asks(2);
  expect(health().of('main/up')?.state).toBe('closed');
});

test('streams that break count, and so does what is no answer at all', async () => {
  const { ask, main, health } = await startRig();
  main.answer(CUT);
  for (let count = 0; count < 3; count++) expect((await ask('alone', { stream: true })).text).toContain('Hel');
  main.answer({ body: '<html>busy</html>', headers: { 'content-type': 'text/html' } });
  await ask();
  main.answer({ end: 'reset', body: '' });
  await ask();
  expect(health().of('main/up')).toMatchObject({ state: 'open', openings: 1 });
});

test('clients that leave do not open it, and the place of one that tried is free again', async () => {
  const { gateway, ask, asks, main, clock, health } = await startRig({ options: { probes: 1, successes: 1 } });
  const { port } = await gateway.listen({ port: 0, host: '127.0.0.1' });
  const leave = async (): Promise<void> => {
    const controller = new AbortController();
    const arrived = main.next();
    const reply = fetch(`http://127.0.0.1:${port}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'alone', messages: [{ role: 'user', content: 'hi' }] }),
      signal: controller.signal,
    }).catch(() => undefined);
    const { closed } = await arrived;
    controller.abort();
    await Promise.all([reply, closed]);
  };
  main.answer({ end: 'never' });
  for (let count = 0; count < 8; count++) await leave();
  expect(health().of('main/up')?.state ?? 'closed').toBe('closed');
  main.answer(failing(500));
  await asks(5);
  clock.advance(10_000);
  main.answer({ end: 'never' });
  await leave();
  main.answer(WELL);
  // The gateway hears of the client a moment after the provider does.
  let last = await ask();
  for (let tries = 0; tries < 100 && last.status !== 200; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    last = await ask();
  }
  expect([last.status, health().of('main/up')?.state]).toEqual([200, 'closed']);
});

test('callers who are in a hurry do not open it; a target that is silent for all does', async () => {
  const { ask, main, clock, health } = await startRig({ options: { failures: 3 } });
  main.answer({ end: 'never' });
  const slow = async (wait: number, headers = {}): Promise<number> => {
    const arrived = main.next();
    const reply = ask('alone', {}, headers);
    await arrived;
    clock.advance(wait);
    return (await reply).status;
  };
  for (let count = 0; count < 10; count++) expect(await slow(1000, { 'x-gatewright-timeout': '1s' })).toBe(504);
  expect(health().of('main/up')).toMatchObject({ state: 'closed', failed: 0 });
  for (let count = 0; count < 3; count++) expect(await slow(600_000)).toBe(504);
  expect(health().of('main/up')).toMatchObject({
    state: 'open',
    reason: '3 calls failed in a row, the last with no answer in time',
  });
});

test('a target that another one outpaces has not failed', async () => {
  const besides = inline('besides', ({ hooks }) => {
    hooks.route.tap((route) => Object.assign({}, route, { hedge: { delay: 500, most: 2 } }));
  });
  const { ask, main, spare, clock, health } = await startRig({ plugins: [besides], options: { failures: 2 } });
  main.answer({ end: 'never' });
  for (let count = 0; count < 6; count++) {
    const arrived = main.next();
    const reply = ask('safe');
    await arrived;
    clock.advance(500);
    expect((await reply).status).toBe(200);
  }
  expect([main.received.length, spare.received.length]).toEqual([6, 6]);
  expect(health().of('main/up')?.failed ?? 0).toBe(0);
});

test('who was told to wait by a 429 is let through when the time has come, and others are sent away meanwhile', async () => {
  const { ask, main, clock, health } = await startRig({ retries: 1, options: { successes: 1 } });
  main.answer(failing(429, { 'retry-after': '2' }));
  const patient = ask();
  await main.next();
  await expect.poll(() => health().of('main/up')?.state).toBe('open');
  expect((await ask()).headers['retry-after']).toBe('2');
  main.answer(WELL);
  clock.advance(2000);
  expect([(await patient).status, main.received.length, health().of('main/up')?.state]).toEqual([200, 2, 'closed']);
});

test('a reload keeps it open, under the new settings', async () => {
  const { gateway, config, ask, asks, main, clock } = await startRig();
  main.answer(failing(500));
  await asks(5);
  const alone = { targets: ['main/up'], with: { health: { failures: 1 } } };
  await gateway.reload({ ...config, models: { alone } });
  expect((await ask()).status).toBe(503);
  expect(main.received).toHaveLength(5);
  clock.advance(10_000);
  main.answer(WELL);
  await asks(2);
  main.answer(failing(500));
  await asks(2);
  expect(main.received).toHaveLength(8);
});

test('settings of a target that contradict each other stop the boot, with the place', async () => {
  const models = {
    a: { targets: ['main/up'], with: { health: { failures: 2 } } },
    b: { targets: ['main/up'] },
  };
  await expect(startRig({ models })).rejects.toThrow(/"health".*the target main\/up stands in "a" and in "b"/);
});
