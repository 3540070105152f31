/** What a plugin says of itself in `supports`, held against its schema. */
import assert from 'node:assert/strict';
import type { Capabilities, Plugin } from '@gatewright/core';
import type { Runner } from '../runner.ts';
import { isHidden, schemaOf } from './field.ts';

const WORDS: Readonly<Record<string, (value: unknown) => boolean>> = {
  hooks: (value) => isTexts(value),
  operations: (value) => isTexts(value),
  operationsIfConfigured: (value) => isTexts(value),
  network: (value) => isTexts(value) && value.every((host) => !/[/:]/.test(host)),
  reads: (value) => value === 'none' || value === 'bytes' || value === 'neutral',
  mutates: (value) => typeof value === 'boolean',
  secrets: (value) => typeof value === 'boolean',
  streaming: (value) => typeof value === 'boolean',
};

const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((one) => typeof one === 'string');

export function declaredTests({ test }: Runner, { plugin }: { readonly plugin: Plugin }): void {
  const supports: Capabilities = plugin.supports ?? {};

  test('the words of the contract in `supports` have values of the contract', async () => {
    for (const [word, fits] of Object.entries(WORDS)) {
      if (supports[word] !== undefined) assert.ok(fits(supports[word]), `\`supports.${word}\` is no good.`);
    }
  });

  test('`supports.secrets` says whether any option is a secret', async () => {
    if (supports.secrets === undefined) return;
    assert.equal(supports.secrets, isHidden(schemaOf(plugin)), 'It says otherwise than its schema.');
  });

  test('`supports.network` names the hosts that options lead to by default', async () => {
    if (supports.network === undefined) return;
    const { network } = supports;
    for (const host of defaultHosts(plugin)) {
      assert.ok(mayCall(network, host), `An option leads to ${host}, and \`supports.network\` does not name it.`);
    }
  });
}

/** Whether a host is among those that are declared. */
export function mayCall(network: readonly string[], host: string): boolean {
  return network.some((pattern) => {
    const parts = pattern.split('*').map((part) => part.replace(/[.]/g, '\\.'));
    return new RegExp(`^${parts.join('.*')}$`, 'i').test(host);
  });
}

/** The hosts of URLs that are the defaults of options. */
function defaultHosts(plugin: Plugin): readonly string[] {
  const defaults = Object.values(plugin.options.shape).map(
    (field) => (field.def as unknown as { readonly defaultValue?: unknown }).defaultValue,
  );
  return defaults.flatMap((value) =>
    typeof value === 'string' && /^https?:\/\//.test(value) && URL.canParse(value) ? [new URL(value).hostname] : [],
  );
}
