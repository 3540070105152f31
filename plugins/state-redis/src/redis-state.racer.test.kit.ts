/** A process of its own that reserves: run with the options as JSON, and `race` or `hold`. */
import { budget, hold, openState, type Given } from './state.test.kit.ts';

const [given = '{}', what = 'race', name = 'racer'] = process.argv.slice(2);
const state = await openState(JSON.parse(given) as Given);
process.stdout.write('ready\n');
const claim = budget('raced', { amount: 7n, limit: 1000n });
if (what === 'hold') {
  await state.reserve(hold(`${name}-1`, claim));
  process.stdout.write('holds\n');
  // Until it is killed.
  setInterval(() => undefined, 1000);
} else {
  process.stdin.once('data', () => {
    const asked = Array.from({ length: 250 }, (_one, index) => state.reserve(hold(`${name}-${index}`, claim)));
    void Promise.all(asked).then((answers) => {
      process.stdout.write(`granted ${answers.filter(({ ok }) => ok).length}\n`, () => state.abandon());
      process.stdin.destroy();
    });
  });
}
