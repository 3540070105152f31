/** Plugins for the tests of suites: good ones, and those that are broken on purpose. */
import { definePlugin, type Plugin, type SetupContext } from '@gatewright/core';
import { z } from 'zod';

/** The package that all of them claim to be of. */
export const manifest = new URL('../package.json', import.meta.url);

/** A plugin that does this in its setup. */
export function sample(setup: (context: SetupContext) => void | Promise<void>, more: Partial<Plugin> = {}): Plugin {
  const options = z.strictObject({});
  return definePlugin({
    name: '@gatewright/testkit',
    version: '0.1.0',
    engine: '^1',
    options,
    setup,
    ...more,
  }) as Plugin;
}
