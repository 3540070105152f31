/** What every provider has to keep, as a suite: give it the plugin, and options with which it calls a given server. */
import type { Plugin } from '@gatewright/core';
import { conforming } from '../badge.ts';
import { pluginTests } from '../plugin/suite.ts';
import type { Runner } from '../runner.ts';
import { breakTests } from './breaks.ts';
import { credentialTests } from './credentials.ts';
import { nameTests } from './names.ts';
import { networkTests } from './network.ts';
import { requestTests } from './requests.ts';
import type { RigSetting } from './rig.ts';
import { providerStage, type ProviderStage } from './stage.ts';

export interface ProviderSuiteOptions {
  readonly plugin: Plugin;
  /** Where the package's own package.json is: `new URL('../package.json', import.meta.url)`. */
  readonly manifest: URL;
  /** All that the provider needs to call the server at `origin`: `http://127.0.0.1:…`. No request may go elsewhere. */
  readonly options: (origin: string) => Readonly<Record<string, unknown>>;
  /** The credentials in these options, each of at least sixteen characters; none where the provider has none. */
  readonly credentials: readonly string[];
  /** The provider's own names of models, so that each dialect which it speaks serves one of them. Default: `model`. */
  readonly models?: readonly string[];
  /** The clock of setup. Default: the machine's own. */
  readonly clock?: RigSetting['clock'];
}

/** What the tests of the suite are given. */
export interface ProviderTrial extends ProviderSuiteOptions {
  readonly models: readonly string[];
  /** Registers a test that runs on a stage of its own. */
  onStage(name: string, body: (stage: ProviderStage) => Promise<void>): void;
}

/** Registers the suite with the runner. */
export function providerSuite(runner: Runner, options: ProviderSuiteOptions): void {
  conforming(runner, 'provider', (tracked) => providerTests(tracked, options));
}

function providerTests(runner: Runner, options: ProviderSuiteOptions): void {
  const { plugin, manifest, credentials, models = ['model'], clock } = options;
  const setting = { model: models[0] ?? 'model', ...(clock === undefined ? {} : { clock }) };
  const onStage: ProviderTrial['onStage'] = (name, body) => {
    runner.test(name, async () => {
      const stage = providerStage(plugin, options.options, setting);
      try {
        await body(stage);
      } finally {
        await stage.close();
      }
    });
  };
  const trial = { ...options, models, onStage };
  // Nothing is called at this address: it only stands in the options.
  pluginTests(runner, { plugin, manifest, credentials, options: options.options('http://127.0.0.1:9') });
  runner.describe('requests', () => requestTests(trial));
  runner.describe('credentials', () => credentialTests(trial));
  runner.describe('names in paths', () => nameTests(trial));
  runner.describe('what can go wrong', () => breakTests(trial));
  runner.describe('the network', () => networkTests(trial));
}
