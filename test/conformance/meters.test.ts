/** Budgets and limits keep what the testkit asks of everybody's. */
import type { PluginEntry } from '@gatewright/core';
import budgets from '@gatewright/budgets';
import limits from '@gatewright/limits';
import prices from '@gatewright/prices';
import stateMemory from '@gatewright/state-memory';
import { budgetSuite, limiterSuite } from '@gatewright/testkit';
import { describe, test } from 'vitest';
import { manifestOf } from './manifest.ts';

const state: PluginEntry = { use: stateMemory };

/** One dollar for a million tokens: a thousand nano-dollars each. */
const priced: PluginEntry = {
  use: prices,
  with: { overrides: [{ model: '*', input: '1', output: '1' }], unpriced: 'ignore' },
};

describe('budgets', () => {
  budgetSuite(
    { describe, test },
    {
      plugin: budgets,
      manifest: manifestOf('budgets'),
      // What is reserved is the most that the request can cost: its bytes as tokens, and five more.
      options: { budgets: [{ per: 'key', limit: '0.000200', window: '1d' }] },
      plugins: [state, priced],
      requests: 13,
    },
  );
});

describe('limits', () => {
  limiterSuite(
    { describe, test },
    {
      plugin: limits,
      manifest: manifestOf('limits'),
      options: { rules: [{ per: 'key', requests: 3, window: '1m' }] },
      plugins: [state],
      requests: 3,
      window: 60_000,
    },
  );
});
