import { chmodSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { folderOf, removeFolder, runIn, type FakeOptions, type Outcome } from '../terminal.test.kit.ts';

let folder = '';
afterEach(() => removeFolder(folder));

const YAML = '# Mine.\nplugins:\n  - use: ./house.ts # ours\nmodels: {}\n';

/** The project asks for the package, so that nothing is installed. */
const ASKS = JSON.stringify({ dependencies: { acme: '^1.0.0' } });

interface Parts {
  readonly engine?: string;
  readonly options?: string;
  readonly head?: string;
  readonly version?: string;
}

const plugin = (name: string, { engine = '^1', options = '', head = '', version = '1.2.3' }: Parts = {}): string => `
import { definePlugin, secret } from '@gatewright/core';
import { z } from 'zod';
${head}
const options = z.strictObject({ ${options} });
export default definePlugin({ name: '${name}', version: '${version}', engine: '${engine}', options, setup() {} });
`;

const packed = (name: string, source: string): Record<string, string> => ({
  [`node_modules/${name}/package.json`]: JSON.stringify({
    name,
    version: '1.2.3',
    type: 'module',
    exports: './index.js',
  }),
  [`node_modules/${name}/index.js`]: source,
});

function project(files: Record<string, string>): void {
  folder = folderOf({ 'package.json': ASKS, 'gatewright.yaml': YAML, 'house.ts': plugin('house'), ...files });
}

const add = (words: string[], options?: FakeOptions): Promise<Outcome> => runIn(folder, ['add', ...words], options);
const written = (): string => readFileSync(join(folder, 'gatewright.yaml'), 'utf8');
const yamlWith = (...lines: string[]): string =>
  YAML.replace('models:', `${lines.map((line) => `  ${line}\n`).join('')}models:`);

const CHOICE = "mode: z.enum(['fast', 'safe']).describe('How it works.'),";
const DEEP =
  "pool: z.strictObject({ size: z.int().describe('How many.'), spare: z.int().default(1).describe('More.') }).describe('The pool.'),";
const KEY = "apiKey: secret().describe('The API key.'),";

describe('a plugin that is installed', () => {
  test('gets an entry behind the others, and the comments stay', async () => {
    project(packed('acme', plugin('acme')));
    const { code, out, err } = await add(['acme']);
    expect([code, out]).toEqual([0, 'added  acme 1.2.3 to gatewright.yaml, as "acme"\n']);
    expect(err).toContain('reload (SIGHUP)');
    expect(written()).toBe(yamlWith('- use: acme'));
  });

  test('may be a file, named as the configuration sees it', async () => {
    project({ 'plugins/mine.ts': plugin('mine'), 'deploy/gatewright.yaml': 'plugins: []\n' });
    expect(await add(['./plugins/mine.ts'])).toMatchObject({ code: 0 });
    expect(written()).toBe(yamlWith('- use: ./plugins/mine.ts'));
    expect(await add(['./plugins/mine.ts', '--config', 'deploy', '--id', 'x'])).toMatchObject({ code: 0 });
    expect(readFileSync(join(folder, 'deploy/gatewright.yaml'), 'utf8')).toContain('use: ../plugins/mine.ts\n');
  });

  test('gets its options: texts, numbers, lists, deeper ones', async () => {
    const options = `${CHOICE} ${DEEP} words: z.array(z.string()).describe('Words.'), code: z.string().describe('A code.'),`;
    project(packed('acme', plugin('acme', { options })));
    const set = ['mode=fast', 'pool.size=3', 'words=[a, b]', 'code=007'].flatMap((one) => ['--set', one]);
    expect(await add(['acme', '--id', 'second', ...set])).toMatchObject({ code: 0 });
    expect(written()).toBe(
      yamlWith(
        '- use: acme',
        '  id: second',
        '  with:',
        '    mode: fast',
        '    pool:',
        '      size: 3',
        '    words:',
        '      - a',
        '      - b',
        "    code: '007'",
      ),
    );
  });
});

describe('secrets', () => {
  const withKey = (variable: string): string => yamlWith('- use: acme', '  with:', `    apiKey: \${env:${variable}}`);

  test('are taken from the environment, and it is said which variable to set', async () => {
    project(packed('acme', plugin('acme', { options: KEY })));
    const { code, err } = await add(['acme']);
    expect(code).toBe(0);
    expect(err).toContain('Set ACME_API_KEY before the gateway starts: export ACME_API_KEY=…\n');
    expect(written()).toBe(withKey('ACME_API_KEY'));
  });

  test('are never written down, also where they were given', async () => {
    project(packed('acme', plugin('acme', { options: KEY })));
    const { code, out, err } = await add(['acme', '--set', 'apiKey=hunter2']);
    expect(code).toBe(0);
    expect(out + err + written()).not.toContain('hunter2');
    expect(err).toContain('A secret was not written down: the configuration takes it from ACME_API_KEY.');
  });

  test('may come from a variable of another name', async () => {
    project(packed('acme', plugin('acme', { options: KEY })));
    expect(await add(['acme', '--set', 'apiKey=${env:OTHER}'], { env: { OTHER: 'x' } })).toMatchObject({ code: 0 });
    expect(written()).toBe(withKey('OTHER'));
    const asked: string[] = [];
    await add(['acme', '--id', 'again'], { answers: ['not a name', 'THIRD'], asked });
    expect(asked[0]).toBe('The API key.\nThe environment variable that holds apiKey (AGAIN_API_KEY): ');
    expect(written()).toContain('apiKey: ${env:THIRD}');
  });
});

describe('options that must be there', () => {
  test('are asked for at a terminal, until the answer is one of the choices', async () => {
    project(packed('acme', plugin('acme', { options: `${CHOICE} ${DEEP}` })));
    const asked: string[] = [];
    expect(await add(['acme'], { answers: ['slow', 'safe', '7'], asked })).toMatchObject({ code: 0 });
    expect(asked).toEqual([
      'How it works.\nmode (fast, safe): ',
      'How it works.\nmode (fast, safe): ',
      'How many.\npool.size (integer): ',
    ]);
    expect(written()).toBe(yamlWith('- use: acme', '  with:', '    mode: safe', '    pool:', '      size: 7'));
  });

  test('are listed where nobody is there', async () => {
    project(packed('acme', plugin('acme', { options: `${CHOICE} ${DEEP} ${KEY}` })));
    const { code, err } = await add(['acme', '--set', 'apiKey=x']);
    expect(code).toBe(1);
    expect(err).toBe(
      'acme 1.2.3 needs options that were not given:\n    mode (string): How it works.\n' +
        '    pool.size (integer): How many.\n    help: give them with --set mode=… --set pool.size=…\n',
    );
    expect(written()).toBe(YAML);
  });
});

describe('what cannot be added is said, and the configuration stays as it was', () => {
  test.each<[string, Record<string, string>, string[], RegExp]>([
    [
      'no default export',
      packed('acme', 'export const a = 1;'),
      ['acme'],
      /^acme 1\.2\.3 has no default export\.\n.*definePlugin.*gatewright\.yaml was not changed; to take the package away again: npm uninstall acme/,
    ],
    [
      'not a plugin',
      packed('acme', 'export default {};'),
      ['acme'],
      /^the default export of acme 1\.2\.3 is a map of keys and values, and not a plugin/,
    ],
    [
      'another engine',
      packed('acme', plugin('acme', { engine: '^9' })),
      ['acme'],
      /^acme 1\.2\.3 was written for engine "\^9", and this core has [\d.]+\.\n.*install a version of acme that fits.*was not changed/,
    ],
    [
      'an error on import',
      packed('acme', plugin('acme', { head: "throw new Error('boom');" })),
      ['acme'],
      /^acme 1\.2\.3 threw an error while it was imported: boom/,
    ],
    [
      'options that JSON cannot say',
      packed('acme', plugin('acme', { options: "since: z.date().describe('When.')," })),
      ['acme', '--set', 'since=1'],
      /^acme 1\.2\.3: its option "since" cannot be written in a configuration file \(.*\)\.\n.*tell the author of acme.*was not changed/,
    ],
    [
      'a wrong value',
      packed('acme', plugin('acme', { options: DEEP })),
      ['acme', '--set', 'pool.size=big'],
      /^acme 1\.2\.3 does not take what it would be given:\ngatewright\.yaml:\d+:\d+ {2}plugins\[1\]\.with\.pool\.size {2}acme: must be .*\n[^]*was not changed; give other values/,
    ],
    [
      'an unknown option',
      packed('acme', plugin('acme', { options: "mode: z.string().optional().describe('How.')," })),
      ['acme', '--set', 'mod=1'],
      /plugins\[1\]\.with\.mod {2}acme: unknown key "mod" \(acme 1\.2\.3\)\n {4}help: did you mean "mode"\?/,
    ],
    [
      'an id that is taken',
      packed('acme', plugin('acme')),
      ['acme', '--id', 'house'],
      /plugins\[1\] {2}house: the id "house" is already taken/,
    ],
    ['an id that is none', packed('acme', plugin('acme')), ['acme', '--id', 'a b'], /plugins\[1\]/],
    ['--set without a value', packed('acme', plugin('acme')), ['acme', '--set', 'mode'], /^--set mode has no value\./],
    ['a name that is none', {}, ['acme; rm'], /^"acme; rm" is neither the name of a package nor a path\./],
    ['a file that is not there', {}, ['./nowhere.ts'], /^there is no file \.\/nowhere\.ts/],
  ])('%s', async (_what, files, words, said) => {
    project(files);
    const { code, out, err } = await add(words);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(said);
    expect(written()).toBe(YAML);
  });

  test('a configuration that is a program', async () => {
    folder = folderOf({ 'gatewright.config.ts': 'export default {};\n', ...packed('acme', plugin('acme')) });
    expect((await add(['acme'])).err).toMatch(/is a program, which this command does not change\.\n.*put use\(plugin/);
  });

  test('no configuration', async () => {
    folder = folderOf({ 'package.json': '{}' });
    expect((await add(['acme'])).err).toMatch(/^There is no configuration in /);
  });
});

describe('a package that is not there', () => {
  const npm = (script: string): FakeOptions => {
    project({ 'package-lock.json': '{}', 'bin/npm': `#!/bin/sh\n${script}\n` });
    chmodSync(join(folder, 'bin/npm'), 0o755);
    return { env: { PATH: [join(folder, 'bin'), dirname(process.execPath), '/bin', '/usr/bin'].join(delimiter) } };
  };

  test('is installed with the package manager of the project', async () => {
    const manifest = JSON.stringify({ name: '@acme/late', version: '2.0.0', type: 'module', exports: './index.js' });
    const steps = ['test "$*" = "install @acme/late@^2"', 'mkdir -p node_modules/@acme/late'];
    const options = npm(
      [
        ...steps,
        `echo '${manifest}' > node_modules/@acme/late/package.json`,
        'cp late.js node_modules/@acme/late/index.js',
      ].join(' && '),
    );
    const source = plugin('@acme/late', { version: '2.0.0' });
    const { writeFileSync } = await import('node:fs');
    writeFileSync(join(folder, 'late.js'), source);
    const { code, out, err } = await add(['@acme/late@^2'], options);
    expect([code, out]).toEqual([0, 'added  @acme/late 2.0.0 to gatewright.yaml, as "late"\n']);
    expect(err).toContain('npm install @acme/late@^2\n');
    expect(written()).toBe(yamlWith("- use: '@acme/late'"));
  });

  test('or only for another package, is installed for the project itself', async () => {
    project({ 'package.json': '{}', 'bin/npm': '#!/bin/sh\necho "$*" > asked\n', ...packed('acme', plugin('acme')) });
    chmodSync(join(folder, 'bin/npm'), 0o755);
    const env = { PATH: [join(folder, 'bin'), '/bin', '/usr/bin'].join(delimiter) };
    expect(await add(['acme'], { env })).toMatchObject({ code: 0 });
    expect(readFileSync(join(folder, 'asked'), 'utf8')).toBe('install acme\n');
  });

  test('and cannot be had, is told with the words of the package manager', async () => {
    const options = npm('echo "npm error code ECONNREFUSED" >&2; exit 1');
    const { code, err } = await add(['acme'], options);
    expect(code).toBe(1);
    expect(err).toMatch(
      /"npm install acme" failed: it ended with 1\. Nothing was configured\.\n {4}npm error code ECONNREFUSED\n/,
    );
    expect(written()).toBe(YAML);
  });
});
