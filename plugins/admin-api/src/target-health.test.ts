/** What is said of the health of targets. */
import type { Health, NormalModel, TargetHealth } from '@gatewright/core';
import { expect, test } from 'vitest';
import { Desk, type DeskParts } from './desk.ts';
import { startRig } from './rig.test.kit.ts';
import { targetHealthRoutes } from './target-health.ts';

const NOW = Date.UTC(2026, 10, 22, 12);

const healthOf = (id: string, more: Partial<TargetHealth> = {}): TargetHealth => {
  return { id, scope: 'target', state: 'closed', since: NOW, answered: 9, failed: 1, openings: 0, ...more };
};

const modelOf = (name: string, ...ids: string[]): NormalModel =>
  ({
    name,
    targets: ids.map((id) => ({ provider: id.split('/')[0], model: id.split('/')[1] })),
  }) as unknown as NormalModel;

async function told(models: readonly NormalModel[], known: readonly TargetHealth[] | undefined): Promise<unknown> {
  const health: Health | undefined = known && {
    of: (id) => known.find((one) => one.id === id || one.id === id.split('/')[0]),
    all: () => known,
  };
  const parts = { keys: { records: {} }, models: () => models, health } as unknown as DeskParts;
  const [route] = targetHealthRoutes(new Desk(parts));
  const answer = await route?.run({} as never);
  return route?.answer.parse(answer);
}

test('targets that are not called are told apart, with why and until when, each once', async () => {
  const open = { state: 'open', until: NOW + 5000, reason: '5 calls failed in a row', openings: 2 } as const;
  const models = [modelOf('smart', 'a/one', 'b/two'), modelOf('cheap', 'a/one')];
  expect(await told(models, [healthOf('a/one', open)])).toMatchObject({
    guarded: true,
    healthy_endpoints: [{ model: 'b/two', model_names: ['smart'], state: 'unknown', since: null, error: null }],
    unhealthy_endpoints: [
      {
        model: 'a/one',
        model_names: ['smart', 'cheap'],
        provider: 'a',
        state: 'open',
        since: '2026-11-22T12:00:00.000Z',
        until: '2026-11-22T12:00:05.000Z',
        error: '5 calls failed in a row',
        openings: 2,
      },
    ],
    healthy_count: 1,
    unhealthy_count: 1,
  });
});

test('a target whose provider as a whole is not called counts as such', async () => {
  const provider = healthOf('a', { scope: 'provider', state: 'half-open', reason: 'no connection' });
  expect(await told([modelOf('smart', 'a/one')], [provider])).toMatchObject({
    unhealthy_endpoints: [{ model: 'a/one', state: 'half-open', error: 'no connection' }],
  });
});

test('targets that only a pattern covers are there once they were called', async () => {
  expect(await told([modelOf('any/*', 'a/*')], [healthOf('a/three')])).toMatchObject({
    healthy_endpoints: [
      { model: 'a/*', state: 'unknown' },
      { model: 'a/three', model_names: [], state: 'closed', answered: 9, failed: 1 },
    ],
  });
});

test('it is for those who may see everything, and says where nothing is guarded', async () => {
  const rig = await startRig();
  expect(await rig.admin('GET', '/health/targets')).toMatchObject({
    status: 200,
    body: { guarded: false, healthy_count: 2, unhealthy_count: 0 },
  });
  const { body } = await rig.admin('POST', '/key/generate', {});
  expect((await rig.as(String(body['key']))('GET', '/health/targets')).status).toBe(403);
  expect((await rig.as(undefined)('GET', '/health/targets')).status).toBe(401);
  await rig.close();
});
