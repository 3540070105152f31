/** Tests of the command line: help, versions, and words that it does not know. */
import { describe, expect, test } from 'vitest';
import { runIn } from './terminal.test.kit.ts';
import { coreVersion } from './version.ts';

const run = (...words: string[]): ReturnType<typeof runIn> => runIn('/', words);

test('--version', async () => {
  expect(await run('--version')).toEqual({ code: 0, out: `${coreVersion()}\n`, err: '' });
});

test('--help names every command with a line, and shows examples', async () => {
  const { code, out, err } = await run('--help');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  for (const name of ['start', 'check', 'plan', 'explain', 'schema', 'plugins', 'add'])
    expect(out).toMatch(new RegExp(`^  ${name} .*[a-z]`, 'm'));
  expect(out).toContain('Examples:\n  gatewright start ');
});

test.each(['start', 'check', 'plan', 'explain', 'schema', 'plugins'])(
  '%s --help has options and examples',
  async (name) => {
    const { code, out } = await run(name, '--help');
    expect(code).toBe(0);
    expect(out).toMatch(new RegExp(`^Usage: gatewright ${name} \\[options\\]\n`));
    expect(out).toContain('-c, --config <path>');
    expect(out).toContain(`Examples:\n  gatewright ${name}`);
  },
);

test.each([
  [[]],
  [['--help']],
  [['start', '--help']],
  [['explain', '--help']],
  [['plan', '--help']],
  [['add', '--help']],
  [['plugins', '--help']],
])('the help of %j fits 100 columns', async (words) => {
  const { out, err } = await runIn('/', words, { columns: 100, env: { NO_COLOR: '1' } });
  expect((out + err).split('\n').filter((line) => line.length > 100)).toEqual([]);
});

describe('what it does not know is refused with exit code 1', () => {
  test.each([
    [['strat'], "error: unknown command 'strat'\n(Did you mean start?)\n"],
    [['start', '--prot', '1'], "error: unknown option '--prot'\n(Did you mean --port?)\n"],
    [['start', '--port', 'http'], 'A port is a number from 0 to 65535.'],
    [['start', '--port', '65536'], 'A port is a number from 0 to 65535.'],
    [['check', 'gateway.yaml'], "error: too many arguments for 'check'."],
    [['plan', '--against'], "error: option '--against <path>' argument missing"],
  ])('%j', async (words, said) => {
    const { code, out, err } = await run(...words);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain(said);
    expect(err).toContain('--help');
  });
});
