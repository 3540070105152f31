/** All dialects that the plugins of this repository register, of every operation. */
import { createGateway, silentLogger, type Dialect } from '@gatewright/core';
import { loadPlugin, pluginNames } from '../docs/plugins.ts';

export async function allDialects(): Promise<ReadonlyMap<string, Dialect>> {
  const names = pluginNames().filter((name) => name.startsWith('dialect-'));
  const plugins = await Promise.all(names.map(loadPlugin));
  const gateway = await createGateway(
    { plugins: plugins.map((use) => ({ use })) },
    { logger: silentLogger, dry: 'ready' },
  );
  const dialects = new Map(gateway.kernel.dialects);
  await gateway.close();
  return dialects;
}
