/** The dialects of chats that the plugins of this repository register. */
import { createGateway, silentLogger, type Dialect, type Plugin } from '@gatewright/core';
import { loadPlugin, pluginNames } from '../docs/plugins.ts';

/** All of them, sorted by id. A package that is no plugin yet is passed over: the tests of the house name it. */
export async function chatDialects(): Promise<Dialect<'chat'>[]> {
  const names = pluginNames().filter((name) => name.startsWith('dialect-'));
  const loaded = await Promise.all(names.map((name) => loadPlugin(name).catch(() => undefined)));
  const plugins = loaded.filter((plugin): plugin is Plugin => plugin !== undefined);
  const gateway = await createGateway(
    { plugins: plugins.map((use) => ({ use })) },
    { logger: silentLogger, dry: 'ready' },
  );
  const found = [...gateway.kernel.dialects.values()].filter(({ operation }) => operation === 'chat');
  await gateway.close();
  return (found as unknown as Dialect<'chat'>[]).toSorted((a, b) => a.id.localeCompare(b.id));
}
