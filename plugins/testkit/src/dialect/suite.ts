/** What every dialect has to keep, as a suite: give it the plugin, and samples of what its bytes look like. */
import assert from 'node:assert/strict';
import {
  createGateway,
  silentLogger,
  type Dialect,
  type Plugin,
  type PluginEntry,
  type Surface,
} from '@gatewright/core';
import { conforming } from '../badge.ts';
import { pluginTests } from '../plugin/suite.ts';
import type { Runner } from '../runner.ts';
import { answerTests } from './answers.ts';
import { errorTests } from './error-tests.ts';
import { requestTests } from './requests.ts';
import { streamTests } from './streams.ts';
import type { DialectSamples, DialectTrial } from './trial.ts';

export type { DialectSamples } from './trial.ts';

export interface DialectSuiteOptions {
  readonly plugin: Plugin;
  /** Where the package's own package.json is: `new URL('../package.json', import.meta.url)`. */
  readonly manifest: URL;
  readonly options: Readonly<Record<string, unknown>>;
  readonly credentials?: readonly string[];
  /** Plugins that it needs besides. */
  readonly plugins?: readonly PluginEntry[];
  /** By the ids of dialects. */
  readonly samples: Readonly<Record<string, DialectSamples>>;
}

/** Registers the suite with the runner. */
export function dialectSuite(runner: Runner, options: DialectSuiteOptions): void {
  conforming(runner, 'dialect', (tracked) => {
    pluginTests(tracked, options);
    tracked.describe('registering', () => registeringTests(tracked, options));
    for (const [id, samples] of Object.entries(options.samples)) {
      const onDialect: DialectTrial['onDialect'] = (name, body) => {
        tracked.test(name, async () => {
          const dialect = (await registered(options)).dialects.find((one) => one.id === id);
          assert.ok(dialect !== undefined, `The plugin registers no dialect "${id}".`);
          await dialect.load?.();
          body(dialect);
        });
      };
      const trial = { id, samples, onDialect };
      tracked.describe(id, () => {
        requestTests(trial);
        answerTests(trial);
        errorTests(trial);
        streamTests(trial);
      });
    }
  });
}

interface Registered {
  readonly dialects: readonly Dialect[];
  readonly surfaces: readonly Surface[];
}

/** What the plugin registers in a real kernel. */
async function registered({ plugin, options, plugins = [] }: DialectSuiteOptions): Promise<Registered> {
  const config = { plugins: [...plugins, { use: plugin, with: { ...options } }] };
  const gateway = await createGateway(config, { logger: silentLogger, dry: 'sealed' });
  const { dialects, surfaces } = gateway.kernel;
  await gateway.close();
  return { dialects: [...dialects.values()], surfaces };
}

function registeringTests({ test }: Runner, options: DialectSuiteOptions): void {
  test('it registers dialects, each with an id of small letters, and headers in small letters', async () => {
    const { dialects } = await registered(options);
    assert.ok(dialects.length > 0, 'It registers no dialect.');
    for (const { id, requestHeaders, replyHeaders } of dialects) {
      assert.match(id, /^[a-z0-9]+(-[a-z0-9]+)*$/);
      for (const name of [...requestHeaders, ...replyHeaders]) assert.equal(name, name.toLowerCase());
    }
  });

  test('no credential of a client is among the headers that it sends on', async () => {
    const { dialects } = await registered(options);
    for (const { id, requestHeaders } of dialects) {
      for (const name of requestHeaders) {
        assert.doesNotMatch(name, /^(authorization|cookie|x-api-key|api-key|x-goog-api-key)$/, `"${id}" sends it on.`);
      }
    }
  });

  test('the samples are of its dialects', async () => {
    const ids = new Set((await registered(options)).dialects.map(({ id }) => id));
    for (const id of Object.keys(options.samples)) assert.ok(ids.has(id), `There is no dialect "${id}".`);
    assert.ok(Object.keys(options.samples).length > 0, 'The suite needs samples.');
  });
}
