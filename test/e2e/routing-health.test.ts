/** Strategies and breakers together: who stands in for a target that is away. */
import health from '@gatewright/health';
import { afterEach, expect, test } from 'vitest';
import { RoutingStage, type StageOptions } from './routing-stage.ts';

let stage: RoutingStage | undefined;
afterEach(() => stage?.close());

async function start(targets: string[], strategy: string): Promise<RoutingStage> {
  const models: StageOptions['models'] = {
    smart: { targets, with: { routing: { strategy }, health: { failures: 2, pause: '1h' } } },
  };
  stage = await RoutingStage.start({ models, before: [health] });
  return stage;
}

test('sessions of a target that is away go each to its own next one, without asking, and no other session moves', async () => {
  const one = await start(['a/error-503', 'b/sim', 'c/sim', 'd/sim'], 'sticky');
  const sessions = Array.from({ length: 40 }, (_, number) => `session ${number}`);
  const callsOf = async (session: string): Promise<readonly string[]> => {
    return (await one.targetsOf(1, {}, { 'x-gatewright-session': session }))[0] ?? [];
  };
  const servedBy = new Map<string, string | undefined>();
  let moved = 0;
  for (const session of sessions) {
    const calls = await callsOf(session);
    servedBy.set(session, calls.at(-1));
    moved += calls.length - 1;
  }
  // Two failures in a row have opened the breaker: none of the later sessions waited for it.
  expect(moved).toBe(2);
  for (const session of sessions) expect(await callsOf(session)).toEqual([servedBy.get(session)]);
  expect(new Set(servedBy.values())).toEqual(new Set(['b/sim', 'c/sim', 'd/sim']));
});

test('an explanation says whose breaker is open', async () => {
  const one = await start(['a/error-503', 'b/sim'], 'ordered');
  await one.targetsOf(3);
  const trace = { steps: [] as { hook: string; plugin: string; notes?: readonly string[] }[] };
  await one.gateway.explain(
    {
      method: 'POST',
      url: '/v1/chat/completions',
      headers: { authorization: 'Bearer key-of-everybody-0123456789', 'content-type': 'application/json' },
      payload: { model: 'smart', messages: [{ role: 'user', content: 'hi' }] },
    },
    trace as never,
  );
  const notes = trace.steps.find(({ hook, plugin }) => hook === 'route' && plugin === 'routing')?.notes ?? [];
  expect(notes[1]).toMatch(/^1\. a\/error-503 \(no\. 1 in the configuration; breaker open: /);
  expect(notes[2]).toBe('2. b/sim (no. 2 in the configuration)');
});
