/** Tests of how steps are run and told. */
import { expect, test } from 'vitest';
import { Course } from './course.ts';

/** A course on a clock that goes on by half a second whenever it is looked at. */
function course(): { readonly course: Course; said: () => string } {
  let said = '';
  let now = 0;
  return {
    course: new Course(
      (text) => void (said += text),
      () => (now += 500),
    ),
    said: () => said,
  };
}

test('steps are told as they begin and end, with what they found, and once more in a table', async () => {
  const { course: one, said } = course();
  await one.chain([
    ['install', async () => '3 packages'],
    ['start', async () => undefined],
  ]);
  expect(said()).toBe('… install\n✓ install (0.5 s): 3 packages\n… start\n✓ start (0.5 s)\n');
  expect(one.table()).toBe('✓ install     0.5 s  3 packages\n✓ start       0.5 s\n\n2 of 2 steps passed, 0 failed.\n');
  expect(one.failed).toBe(0);
});

test('a step that fails ends its chain, and those behind it count as failed', async () => {
  const { course: one, said } = course();
  const fail = async (): Promise<void> => {
    throw new Error('no registry\nat all');
  };
  expect(
    await one.chain([
      ['install', fail],
      ['start', async () => 'never'],
    ]),
  ).toBe(false);
  expect(said()).toBe('… install\n✗ install (0.5 s): no registry\nat all\n');
  expect(one.table()).toContain('✗ start       0.0 s  not run: "install" failed\n\n0 of 2 steps passed, 2 failed.\n');
});

test('a step that waits for something is no success and no failure', async () => {
  const { course: one } = course();
  expect(await one.step('isolate', async () => ({ open: 'not built yet' }))).toBe(true);
  expect(one.table()).toBe(
    '○ isolate     0.5 s  not built yet\n\n0 of 1 steps passed, 1 not possible yet, 0 failed.\n',
  );
  expect(one.failed).toBe(0);
});
