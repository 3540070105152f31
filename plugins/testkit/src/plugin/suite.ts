/** What every plugin has to keep, as a suite: who it is, and what its options are. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { isPlugin, type Plugin } from '@gatewright/core';
import { conforming } from '../badge.ts';
import type { Runner } from '../runner.ts';
import { declaredTests } from './declared.ts';
import { groupsIn, isSecretAt, placesOf, schemaOf, withValue, type Schema } from './field.ts';
import { assertKeepsToItself } from './shown.ts';

export interface PluginSuiteOptions {
  readonly plugin: Plugin;
  /** Where the package's own package.json is: `new URL('../package.json', import.meta.url)`. */
  readonly manifest: URL;
  /** Options that the plugin takes, with every credential that it can have beside the others. */
  readonly options: Readonly<Record<string, unknown>>;
  /** The credentials among the values of `options`; none where the plugin has none. */
  readonly credentials?: readonly string[];
}

/** Names of options that hold whatever an operator puts there, credentials too. */
const MAY_HOLD_CREDENTIALS = new Set(['headers', 'query']);

/** Registers the suite with the runner. */
export function pluginSuite(runner: Runner, suite: PluginSuiteOptions): void {
  conforming(runner, 'plugin', (tracked) => pluginTests(tracked, suite));
}

/** The tests alone, for the suites of roles. */
export function pluginTests(runner: Runner, suite: PluginSuiteOptions): void {
  runner.describe('the plugin', () => {
    identityTests(runner, suite);
    optionTests(runner, suite);
    secretTests(runner, suite);
    declaredTests(runner, suite);
  });
}

function identityTests({ test }: Runner, { plugin, manifest }: PluginSuiteOptions): void {
  test('name and version are those of the package', async () => {
    const { name, version } = JSON.parse(readFileSync(manifest, 'utf8')) as Plugin;
    assert.deepEqual([plugin.name, plugin.version], [name, version]);
  });

  test('it was made by definePlugin, for a range of the contract', async () => {
    assert.ok(isPlugin(plugin));
    assert.match(plugin.engine, /\d/);
  });
}

function optionTests({ test }: Runner, { plugin, options, credentials = [] }: PluginSuiteOptions): void {
  const { modelOptions, targetOptions } = plugin;
  const groups = [plugin.options, modelOptions, targetOptions].flatMap((schema) => {
    return schema === undefined ? [] : groupsIn(schema as unknown as Schema);
  });

  test('options are strict, also those within others', async () => {
    assert.ok(plugin.options.safeParse(options).success, 'The suite needs options that the plugin takes.');
    for (const { path, strict } of groups) assert.ok(strict, `"${path.join('.')}" takes whatever it is given.`);
  });

  test('an option that there is not is refused by name, and the message shows no credential', async () => {
    const { error } = plugin.options.safeParse({ ...options, unheardOf: 1 });
    assert.match(String(error), /unheardOf/);
    assertKeepsToItself(error, credentials);
  });

  test('every option is described, in a sentence', async () => {
    for (const { path, description } of groups.flatMap(({ fields }) => fields)) {
      assert.match(description ?? '', /\.$/, `"${path.join('.')}" needs a description that ends with a full stop.`);
    }
  });
}

function secretTests({ test }: Runner, { plugin, options, credentials = [] }: PluginSuiteOptions): void {
  const schema = schemaOf(plugin);

  test('credentials, and options that may hold one, are secret', async () => {
    for (const credential of credentials) {
      const places = placesOf(credential, options);
      assert.ok(places.length > 0, 'The suite needs every credential to stand in the options.');
      for (const path of places) assert.ok(isSecretAt(schema, path), `"${path.join('.')}" is not marked as a secret.`);
    }
    for (const { path, secret, isHarmless } of groupsIn(schema).flatMap(({ fields }) => fields)) {
      const open = MAY_HOLD_CREDENTIALS.has(path.at(-1) ?? '') && !secret && !isHarmless;
      assert.ok(!open, `"${path.join('.')}" may hold a credential, and is not marked as a secret.`);
    }
  });

  test('an empty credential is refused, by the name of the option', async () => {
    for (const path of credentials.flatMap((credential) => placesOf(credential, options))) {
      const { error } = plugin.options.safeParse(withValue(options, path, ''));
      const refused = (error?.issues ?? []).map((issue) => issue.path.join('.'));
      assert.ok(refused.includes(path.join('.')), `"${path.join('.')}" may be empty.`);
    }
  });
}
