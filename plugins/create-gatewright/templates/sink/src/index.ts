/** Writes a line of JSON for every exchange into a file. */
import { appendFile } from 'node:fs/promises';
import { definePlugin } from '@gatewright/core';
import { z } from 'zod';
import { Lines } from './lines.ts';

const options = z.strictObject({
  file: z.string().min(1).describe('The file; lines are put behind what it has.'),
  every: z.number().positive().default(1).describe('After how many seconds lines are written, at the latest.'),
});

export default definePlugin({
  name: '@my-scope/my-sink',
  version: '0.1.0',
  engine: '^1',
  options,
  supports: { hooks: ['log'], reads: 'none', mutates: false, network: [] },
  async setup({ hooks, clock, log, dry, onDrain, onDispose }, { file, every }) {
    // What cannot work is found out at the start, not with the first exchange; who only looks changes nothing.
    if (!dry) await appendFile(file, '');
    const lines = new Lines((text) => appendFile(file, text), every * 1000, clock, log);
    hooks.log.tap(({ id, time, model, status, duration, usage }) => {
      lines.add(JSON.stringify({ id, time, model, status, duration, input: usage?.input, output: usage?.output }));
    });
    onDrain(() => lines.flush());
    onDispose(() => lines.close());
  },
});
