/** Tests of reloading the configuration by a call: what is answered, who may, what is written down. */
import { GatewayError, type ConfigChange, type Problem, type Reloading } from '@gatewright/core';
import { afterEach, expect, test } from 'vitest';
import { startRig, type Rig } from './rig.test.kit.ts';

const CHANGE: ConfigChange = {
  kind: 'change',
  what: 'model',
  name: 'smart',
  details: [{ path: 'targets[0].weight', before: 1, after: 2 }],
};

/** Reloads nothing, and says what it was told to. */
class Planted implements Reloading {
  reloads = 0;
  failure: GatewayError | undefined;

  reload(): Promise<readonly ConfigChange[]> {
    this.reloads++;
    return this.preview();
  }

  preview(): Promise<readonly ConfigChange[]> {
    return this.failure === undefined ? Promise.resolve([CHANGE]) : Promise.reject(this.failure);
  }
}

let rig: Rig | undefined;
afterEach(async () => {
  await rig?.close();
});

async function start(): Promise<{ rig: Rig; planted: Planted }> {
  const planted = new Planted();
  rig = await startRig({}, planted);
  return { rig, planted };
}

test('says what has changed, and writes down who asked', async () => {
  const { rig, planted } = await start();
  const told = await rig.admin('POST', '/config/reload', {});
  expect(told).toMatchObject({ status: 200, body: { reloaded: true, changes: [CHANGE] } });
  expect(planted.reloads).toBe(1);
  const rows = (await rig.admin('GET', '/audit?kind=config')).body as unknown as unknown[];
  expect(rows).toMatchObject([
    { action: 'config.reload', id: 'config', after: [{ kind: 'change', what: 'model', name: 'smart' }] },
  ]);
});

test('a dry run only says what would change', async () => {
  const { rig, planted } = await start();
  const told = await rig.admin('POST', '/config/reload', { dry_run: true });
  expect(told.body).toEqual({ reloaded: false, changes: [CHANGE] });
  expect(planted.reloads).toBe(0);
  expect((await rig.admin('GET', '/audit?kind=config')).body).toEqual([]);
});

test('a bad configuration is refused with every problem and its place; nothing is written down', async () => {
  const { rig, planted } = await start();
  const problems: Problem[] = [
    {
      position: { file: 'gatewright.yaml', line: 3, column: 5, path: 'models.a' },
      message: 'is wrong',
      help: 'mend it',
    },
    { position: { file: 'gatewright.yaml', line: 9, column: 1, path: 'modles' }, message: 'unknown key' },
  ];
  planted.failure = new GatewayError('GW_CONFIG', 'all of it', { problems });
  const { status, body } = await rig.admin('POST', '/config/reload', {});
  expect(status).toBe(422);
  expect(body['error']).toMatchObject({
    code: 'GW_CONFIG',
    problems: [
      { file: 'gatewright.yaml', line: 3, column: 5, path: 'models.a', message: 'is wrong', help: 'mend it' },
      { file: 'gatewright.yaml', line: 9, column: 1, path: 'modles', message: 'unknown key' },
    ],
  });
  expect((body['error'] as { message: string }).message).toContain('gatewright.yaml:3:5  models.a  is wrong');
  expect((await rig.admin('GET', '/audit?kind=config')).body).toEqual([]);
});

test('only admins may', async () => {
  const { rig, planted } = await start();
  const made = await rig.admin('POST', '/key/generate', { role: 'proxy_admin_viewer' });
  const viewer = rig.as(made.body['key'] as string);
  expect((await viewer('POST', '/config/reload', {})).status).toBe(403);
  expect((await rig.as(undefined)('POST', '/config/reload', {})).status).toBe(401);
  expect(planted.reloads).toBe(0);
});

test('a gateway whose configuration was given by a program says that there is nothing to read', async () => {
  rig = await startRig();
  const { status, body } = await rig.admin('POST', '/config/reload', {});
  expect(status).toBe(422);
  expect((body['error'] as { message: string }).message).toContain('there is no file to read again');
});
