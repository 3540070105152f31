/** Tests that the time of a profile divides among stages without rest. */
import { expect, test } from 'vitest';
import { divide, type Profile } from './profile.ts';
import { stageOf } from './stage-map.ts';

const frame = (id: number, url: string, functionName: string, children: number[] = []): Profile['nodes'][number] => ({
  id,
  callFrame: { functionName, url },
  children,
});

const PROFILE: Profile = {
  nodes: [
    frame(1, '', '(root)', [2, 3, 4, 7]),
    frame(2, '', '(idle)'),
    frame(3, '', '(garbage collector)'),
    frame(4, 'file:///x/core/dist/pipeline/run.js', 'run', [5]),
    frame(5, 'file:///x/plugins/limits/dist/meter.js', 'reserve', [6]),
    frame(6, '', 'hexSlice'),
    frame(7, 'node:internal/timers', 'listOnTimeout'),
  ],
  samples: [2, 3, 4, 5, 6, 7],
  timeDeltas: [0, 100, 20, 3, 4, 5, 6],
};

test('counts a sample for the innermost frame that has a stage, and idle time for nobody', () => {
  const sums = divide(PROFILE, stageOf, 'rest');
  expect(Object.fromEntries(sums)).toEqual({
    'garbage collection': 20,
    'pipeline: attempts and replies': 3,
    'hook: limits': 4 + 5,
    rest: 6,
  });
});

test('knows the files of the gateway, built and as they are written', () => {
  for (const folder of ['src', 'dist']) {
    expect(stageOf(`file:///x/core/${folder}/json/outline.ts`, 'f')).toBe('parse: the outline of bodies');
    expect(stageOf(`file:///x/plugins/provider-openai/${folder}/index.js`, 'f')).toBe('encode: provider-openai');
  }
  expect(stageOf('node:net', 'write')).toBeUndefined();
});
