/** What hundreds of exchanges with faults leave behind: nothing. */
import { expect, test } from 'vitest';
import { soak } from './soak.ts';

test('hundreds of exchanges with faults at random leave nothing behind, and none is half and looks whole', async () => {
  const { wrong, endings } = await soak({ exchanges: 500, clients: 30, seed: 7 });
  expect(wrong).toEqual([]);
  // The faults were there, and most of them nobody saw.
  expect(endings.get('the whole answer')).toBeGreaterThan(300);
  expect(endings.size).toBeGreaterThan(3);
  expect([...endings.keys()].filter((ending) => ending.startsWith('broken'))).toEqual([]);
}, 120_000);

test('hundreds that share few places, with hedges and breakers, leave nothing behind, either', async () => {
  const { wrong, endings } = await soak({ exchanges: 300, clients: 45, seed: 11, crowded: true });
  expect(wrong).toEqual([]);
  expect(endings.get('the whole answer')).toBeGreaterThan(50);
  // Breakers were open, and places taken.
  expect(endings.get('status 503')).toBeGreaterThan(0);
  expect([...endings.keys()].filter((ending) => ending.startsWith('broken'))).toEqual([]);
}, 120_000);
