/** Environment variables in strings. */
import { describe, expect, test } from 'vitest';
import { expand } from './expand.ts';
import { configOf, saidOf } from './folder.test.fixture.ts';
import { pathText } from './path.ts';

function expanded(value: unknown, env: Record<string, string> = {}): { value: unknown; faults: string[] } {
  const faults: string[] = [];
  const result = expand(value, env, (path, fault) => faults.push(`${pathText(path)}: ${fault.message}`));
  return { value: result.value, faults };
}

describe('expansion', () => {
  test.each([
    ['${env:A}', 'one'],
    ['<${env:A}|${env:B}>', '<one|two>'],
    ['${env:NONE:-default}', 'default'],
    ['${env:A:-default}', 'one'],
    ['${env:EMPTY:-default}', 'default'],
    ['${env:NONE:-}', ''],
    ['${env:NONE:-a:-b}', 'a:-b'],
    ['$${env:A}', '${env:A}'],
    ['$${', '${'],
    ['$5 and $A and $&', '$5 and $A and $&'],
  ])('%s', (text, result) => {
    expect(expanded(text, { A: 'one', B: 'two', EMPTY: '' })).toEqual({ value: result, faults: [] });
  });

  test('what a variable holds is not expanded again', () => {
    expect(expanded('${env:A}', { A: '${env:B} $&', B: 'no' }).value).toBe('${env:B} $&');
  });

  test('lists and maps are walked; other objects are left alone', () => {
    const date = new Date(0);
    const run = (): void => undefined;
    expect(expanded({ a: ['${env:A}', { b: '${env:A}' }], date, run, n: 1 }, { A: 'x' }).value).toEqual({
      a: ['x', { b: 'x' }],
      date,
      run,
      n: 1,
    });
  });

  test('what needs no change is the very same object, and circles end', () => {
    const inner: Record<string, unknown> = { [Symbol.for('brand')]: true, n: 1 };
    inner['self'] = inner;
    const { value } = expanded({ inner, text: '${env:A}' }, { A: 'x' });
    expect(value).toEqual({ inner, text: 'x' });
    expect((value as { inner: unknown }).inner).toBe(inner);
  });

  test('every fault is told, with its path', () => {
    expect(expanded({ a: ['${env:X}${env:Y}'], b: '${X}', c: '${env:X', d: '${env:E}' }, { E: '' }).faults).toEqual([
      'a[0]: the environment variable X is not set',
      'a[0]: the environment variable Y is not set',
      'b: "${…}" names no environment variable',
      'c: "${" has no "}"',
      'd: the environment variable E is empty',
    ]);
  });
});

describe('expansion in a configuration', () => {
  test('a missing variable of a plugin', async () => {
    const yaml = 'plugins:\n  - use: ./one.ts\n    id: main\n    with:\n      apiKey: "${env:ONE_KEY}"\n';
    expect(await saidOf(yaml)).toBe(
      'gatewright.yaml:5:15  plugins[0].with.apiKey  main: the environment variable ONE_KEY is not set\n' +
        '    help: export ONE_KEY, or add "if: env.ONE_KEY" to the plugin',
    );
  });

  test('a missing variable of a target, and one elsewhere', async () => {
    const yaml = 'listen: { port: "${env:PORT}" }\nmodels: { a: { targets: ["one/${env:MODEL}"] } }\n';
    expect(await saidOf(yaml)).toBe(
      [
        'gatewright.yaml:1:17  listen.port  the environment variable PORT is not set',
        '    help: export PORT, or write "${env:PORT:-default}"',
        'gatewright.yaml:2:26  models.a.targets[0]  the environment variable MODEL is not set',
        '    help: export MODEL, or add "if: env.MODEL" to the target',
      ].join('\n'),
    );
  });

  test('the form of other tools', async () => {
    expect(await saidOf('listen: { host: "${HOST}" }\n')).toBe(
      'gatewright.yaml:1:17  listen.host  "${…}" names no environment variable\n' +
        '    help: write "${env:HOST}" for an environment variable, or "$${" for the characters themselves',
    );
  });

  test('numbers and booleans are read from the text, where the schema wants them', async () => {
    const yaml = [
      'listen: { port: "${env:PORT}" }',
      'timeouts: { total: "${env:TOTAL}" }',
      'limits: { bodyTimeout: "${env:BODY}" }',
      'plugins:',
      '  - use: ./one.ts',
      '    with: { apiKey: "${env:NUMBER}", pace: "${env:NUMBER}", loud: "${env:LOUD}" }',
      'models: { a: { targets: [{ provider: one, model: "${env:NUMBER}", weight: "${env:NUMBER}" }] } }',
    ].join('\n');
    const env = { PORT: '8080', TOTAL: '90s', BODY: '1500', NUMBER: '12', LOUD: 'false' };
    const config = await configOf(yaml, { env });
    expect(config.listen.port).toBe(8080);
    expect(config.limits.bodyTimeout).toBe(1500);
    expect(config.plugins[0]?.options).toEqual({ apiKey: '12', pace: 12, loud: false });
    expect(config.models[0]?.targets[0]).toMatchObject({ model: '12', weight: 12, timeouts: { total: 90_000 } });
  });

  test('text from a variable that is no number is refused without showing it', async () => {
    expect(await saidOf('listen: { port: "${env:PORT}" }\n', { env: { PORT: 'sk-live-1' } })).toBe(
      'gatewright.yaml:1:17  listen.port  must be a number, not a string\n    help: The port to listen on; 0 for any free one.',
    );
  });

  test('a number written in quotes is still a string', async () => {
    expect(await saidOf('listen: { port: "8080" }\n')).toContain('must be a number, not a string');
  });
});
