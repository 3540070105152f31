/** What is kept for a caller is that caller's, of that model and target, and is never stale. */
import { expect, test } from 'vitest';
import type { Attempt } from './attempt.ts';
import type { Exchange } from './exchange.ts';
import type { Identity } from './identity.ts';
import { PerCaller } from './per-caller.ts';
import type { Dimension } from './scope.ts';

interface Rig {
  ask(identity: Identity, model?: string, target?: string): string;
  worked: number;
}

function rig(...dimensions: Dimension[]): Rig {
  const kept = new PerCaller(
    ({ target }, { identity, model }) => {
      self.worked++;
      return { text: `${identity.team} ${model} ${target.id}` };
    },
    dimensions.length === 0 ? undefined : dimensions,
  );
  const self: Rig = {
    worked: 0,
    ask: (identity, model = 'm', id = 't') =>
      kept.of({ target: { id } } as Attempt, { identity, model } as Exchange).text,
  };
  return self;
}

test('is worked out once for each caller, model and target', () => {
  const asked = rig();
  const [ada, bob] = [Object.freeze({ key: 'ada', team: 'a' }), Object.freeze({ key: 'bob', team: 'b' })];
  for (let times = 0; times < 3; times++) {
    expect(asked.ask(ada)).toBe('a m t');
    expect(asked.ask(bob)).toBe('b m t');
    expect(asked.ask(ada, 'n')).toBe('a n t');
    expect(asked.ask(ada, 'm', 'u')).toBe('a m u');
  }
  expect(asked.worked).toBe(4);
});

test.each([
  ['provider', 2],
  ['target', 2],
  ['model', 1],
] as const)('what goes by %s is worked out %i times for a model with two targets', (dimension, times) => {
  const asked = rig('team', dimension);
  const ada = Object.freeze({ key: 'ada', team: 'a' });
  for (const target of ['t', 'u', 't', 'u']) asked.ask(ada, 'm', target);
  expect(asked.worked).toBe(times);
});

test('a caller that is described anew is looked at anew', () => {
  const asked = rig();
  expect(asked.ask(Object.freeze({ key: 'ada', team: 'a' }))).toBe('a m t');
  expect(asked.ask(Object.freeze({ key: 'ada', team: 'b' }))).toBe('b m t');
});

test('an identity that may still change is looked at each time', () => {
  const asked = rig();
  const ada = { key: 'ada', team: 'a' };
  expect(asked.ask(ada)).toBe('a m t');
  ada.team = 'b';
  expect(asked.ask(ada)).toBe('b m t');
});

test('a client that names ever more models is answered all the same', () => {
  const asked = rig();
  const ada = Object.freeze({ key: 'ada', team: 'a' });
  for (let number = 0; number < 1000; number++) {
    expect(asked.ask(ada, `m${number}`, `t${number}`)).toBe(`a m${number} t${number}`);
    expect(asked.ask(ada, 'm', `t${number}`)).toBe(`a m t${number}`);
  }
});
