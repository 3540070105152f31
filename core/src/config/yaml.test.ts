/** What is said about YAML that cannot be read. */
import { describe, expect, test } from 'vitest';
import { saidOf } from './folder.test.fixture.ts';

describe('broken YAML is refused with its line and column', () => {
  const cases: readonly [name: string, yaml: string, said: string][] = [
    [
      'a key twice',
      'listen: { port: 1 }\nmodels: {}\nlisten: {}\n',
      'gatewright.yaml:3:1  this key stands here twice\n    help: remove one of the two, or give it another name',
    ],
    [
      'a condition that YAML takes for a tag',
      'plugins:\n  - use: ./one.ts\n    if: !env.CI\n',
      'gatewright.yaml:3:9  a value that begins with "!" is a YAML tag, and none is known here\n    help: put the value in quotes: if: "!env.NAME"',
    ],
    [
      'a package name without quotes',
      'plugins:\n  - use: @acme/provider-one\n',
      'gatewright.yaml:2:10  a value cannot begin with this character\n    help: put the value in quotes',
    ],
    ['a tab', 'listen:\n\tport: 1\n', 'gatewright.yaml:2:1  tabs cannot indent YAML\n    help: indent with spaces'],
    [
      'two colons',
      'listen: host: x\n',
      'gatewright.yaml:1:9  there is a second ":" in this line\n    help: put the value in quotes, or in a line of its own',
    ],
    [
      'a line without colon',
      'listen: {}\nmodels\nplugins: []\n',
      'gatewright.yaml:2:1  this line is neither "key: value" nor "- entry"\n    help: is there a ":" missing after the key?',
    ],
    [
      'wrong indentation',
      'listen:\n   host: x\n  port: 1\n',
      'gatewright.yaml:3:1  the indentation does not fit the lines above\n    help: align it, or close the bracket above it',
    ],
    [
      'two documents',
      'listen: {}\n---\nmodels: {}\n',
      'gatewright.yaml:2:1  a second document begins here\n    help: keep one configuration per file: remove the "---"',
    ],
    ['an open quote', 'listen: { host: "x }\n', 'gatewright.yaml:2:1  a quote is never closed'],
    [
      'an anchor that is nowhere',
      'listen: *where\n',
      'gatewright.yaml:1:9  no anchor &where stands before this\n    help: define it further up',
    ],
    ['an anchor in itself', 'x-a: &a\n  - *a\n', 'gatewright.yaml:2:5  this anchor contains itself'],
    ['a key that is a list', '? [a, b]\n: 1\n', 'gatewright.yaml:1:3  a key must be a plain word'],
    [
      'nothing but comments',
      '# later\n',
      'gatewright.yaml:1:1  the configuration is empty\n    help: begin with "plugins:" and "models:"',
    ],
    [
      'a list',
      '- use: ./one.ts\n',
      'gatewright.yaml:1:1  must be a map, not a list\n    help: begin with "plugins:" and "models:"',
    ],
  ];
  test.each(cases)('%s', async (_, yaml, said) => {
    expect((await saidOf(yaml)).split('\n').slice(0, said.split('\n').length).join('\n')).toBe(said);
  });

  test('several at once, in the order of the file', async () => {
    const said = await saidOf('listen: {}\nlisten: {}\nmodels: `x`\n');
    expect(said.match(/gatewright\.yaml:\d+:\d+/g)).toEqual(['gatewright.yaml:2:1', 'gatewright.yaml:3:9']);
  });

  test('the words never quote the file, which may hold a secret', async () => {
    expect(await saidOf('{ "plugins": [] } sk-live-1234\n')).not.toContain('sk-live');
    expect(await saidOf('plugins:\n  - use: ./one.ts\n    with: { apiKey: %sk-live-1 }\n')).not.toContain('sk-live');
  });

  test('anchors that multiply without end', async () => {
    const row = (name: string, inner: string): string => `x-${name}: &${name} [${`*${inner}, `.repeat(20)}]\n`;
    const yaml = `x-a: &a [1]\n${row('b', 'a')}${row('c', 'b')}${row('d', 'c')}${row('e', 'd')}`;
    expect(await saidOf(yaml)).toBe(
      'gatewright.yaml:1:1  the anchors of this file repeat too much of each other to be read',
    );
  });
});

describe('positions', () => {
  test('anchors and merge keys lead to where the value was written', async () => {
    const yaml = [
      'x-settings: &settings',
      '  apiKey: "${env:GONE}"',
      'plugins:',
      '  - use: ./one.ts',
      '    with:',
      '      <<: *settings',
      '      pace: many',
      '',
    ].join('\n');
    expect(await saidOf(yaml)).toBe(
      [
        'gatewright.yaml:2:11  plugins[0].with.apiKey  ./one.ts: the environment variable GONE is not set',
        '    help: export GONE, or add "if: env.GONE" to the plugin',
        'gatewright.yaml:7:13  plugins[0].with.pace  one: must be a number, not a string',
        '    help: Tokens per second.',
      ].join('\n'),
    );
  });

  test('a byte order mark and Windows line ends do not shift them', async () => {
    expect(await saidOf('\uFEFFlisten:\r\n  prot: 1\r\n')).toBe(
      'gatewright.yaml:2:3  listen.prot  unknown key "prot"\n    help: did you mean "port"?',
    );
  });
});
