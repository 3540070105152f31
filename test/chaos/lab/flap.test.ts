/** A provider that flaps costs callers nothing, and is asked a few times only. */
import { expect, test } from 'vitest';
import { CALM, flap, FLAPPING } from './flap.ts';

test('a primary that flaps for a minute is asked little while it is away, and gets its traffic back', async () => {
  const { answered, wasted, recovered } = await flap();
  expect(answered).toBe(FLAPPING + CALM);
  // Of thirty seconds away, with a request in each.
  expect(wasted).toBeGreaterThan(1);
  expect(wasted).toBeLessThanOrEqual(12);
  expect(recovered).toBe(10);
}, 60_000);
