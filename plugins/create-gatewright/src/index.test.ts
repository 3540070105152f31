/** Tests of the program: what it makes of words and answers, and what it refuses. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { create, KINDS } from './index.ts';
import { ownVersion } from './version.ts';

let cwd = '';
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'create-gatewright-'));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  readonly asked: readonly string[];
}

/** Runs the program; without `answers` nobody is there to ask. */
async function run(words: readonly string[], answers?: readonly string[]): Promise<Outcome> {
  const said = { out: '', err: '' };
  const asked: string[] = [];
  const ask = async (question: string): Promise<string> => {
    asked.push(question);
    return answers?.[asked.length - 1] ?? '';
  };
  const code = await create(words, {
    out: { write: (text) => (said.out += text) },
    err: { write: (text) => (said.err += text) },
    cwd,
    ask: answers === undefined ? undefined : ask,
  });
  return { code, asked, ...said };
}

const read = (path: string): string => readFileSync(join(cwd, path), 'utf8');
const manifest = (folder: string) => JSON.parse(read(`${folder}/package.json`)) as Record<string, never>;

describe('a gateway', () => {
  test('is made in the folder that is named, with its name, and versions of the same release', async () => {
    const { code, out, err, asked } = await run(['apps/house']);
    expect({ code, err, asked }).toEqual({ code: 0, err: '', asked: [] });
    expect(out).toContain('  cd apps/house\n  npm install\n  npm test\n  npm start\n');
    expect(manifest('apps/house')).toMatchObject({
      name: 'house',
      dependencies: { '@gatewright/core': `^${ownVersion()}` },
    });
    expect(readdirSync(join(cwd, 'apps/house')).toSorted()).toEqual(
      [
        '.dockerignore',
        '.env',
        '.env.example',
        '.gitignore',
        'Dockerfile',
        'README.md',
        'gatewright.yaml',
        'house.service',
        'package.json',
        'test',
      ].toSorted(),
    );
    expect(read('apps/house/house.service')).toContain('WorkingDirectory=/opt/house\n');
    expect(parse(read('apps/house/gatewright.yaml'))).toMatchObject({ $schema: './gatewright.schema.json' });
  });

  test('has a key of its own, which nobody else can read and git does not see', async () => {
    await run(['one']);
    await run(['two']);
    const keys = ['one', 'two'].map((folder) => /^GATEWRIGHT_KEY=(sk-[\w-]{32})$/m.exec(read(`${folder}/.env`))?.[1]);
    expect(new Set(keys).size).toBe(2);
    expect(keys).not.toContain(undefined);
    expect(statSync(join(cwd, 'one/.env')).mode & 0o077).toBe(0);
    expect(read('one/.gitignore').split('\n')).toContain('.env');
    expect(read('one/.dockerignore').split('\n')).toContain('.env');
    expect(read('one/.env.example')).not.toContain(keys[0]);
  });

  test('is asked for its folder only, and a mere return takes the default', async () => {
    expect((await run([], [''])).asked).toEqual(['Where shall the gateway be? (my-gateway) ']);
    expect(existsSync(join(cwd, 'my-gateway/gatewright.yaml'))).toBe(true);
    await run([], ['other']);
    expect(manifest('other')['name']).toBe('other');
  });

  test('asks nobody with --yes, and where nobody is there', async () => {
    expect(await run(['--yes'], ['never'])).toMatchObject({ code: 0, asked: [] });
    expect(existsSync(join(cwd, 'my-gateway'))).toBe(true);
    expect(await run(['-y', '--name', '@acme/door', 'here'])).toMatchObject({ code: 0 });
    expect(manifest('here')['name']).toBe('@acme/door');
  });

  test('may be made in a folder that is empty but for git', async () => {
    mkdirSync(join(cwd, '.git'));
    expect(await run(['.'])).toMatchObject({ code: 0, err: '' });
    expect((await run(['.'])).code).toBe(1);
  });
});

describe('what cannot be done is said, and nothing is written', () => {
  const before = (): string[] => readdirSync(cwd, { recursive: true, encoding: 'utf8' }).toSorted();

  test.each([
    [['full'], 'The folder full is not empty: it has a, b, c, ….\n    help: name a folder that is empty'],
    [['file'], 'is a file.\n    help: name a folder'],
    [['.'], 'This folder is not empty: it has file, full.'],
    [['--plugin', 'llama', 'x'], 'There is no kind of plugin "llama".\n    help: choose one of provider, dialect,'],
    [['--plugin'], 'The kind of plugin is missing.\n    help: --plugin takes one of provider,'],
    [['--colour', 'x'], "Unknown option '--colour'.\n    help: --help lists"],
    [['a', 'b'], 'One folder is enough: "b" is too much.'],
    [['new', '--name', 'No Name'], '"No Name" cannot be the name of a package.\n    help: names are made of'],
    [['file/below'], 'The project cannot be written: '],
  ])('%j', async (words, said) => {
    mkdirSync(join(cwd, 'full'));
    for (const name of ['a', 'b', 'c', 'd']) writeFileSync(join(cwd, 'full', name), '');
    writeFileSync(join(cwd, 'file'), '');
    const files = before();
    const { code, out, err } = await run(words);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain(said);
    expect(before()).toEqual(files);
  });
});

describe('a plugin', () => {
  test('takes a name with a scope for the package, and the rest of it for the folder', async () => {
    expect(await run(['--plugin', 'provider', '@acme/provider-acme'])).toMatchObject({ code: 0, err: '' });
    expect(manifest('provider-acme')).toMatchObject({ name: '@acme/provider-acme' });
    expect(read('provider-acme/src/index.ts')).toContain("name: '@acme/provider-acme'");
    const files = readdirSync(join(cwd, 'provider-acme'), { recursive: true, encoding: 'utf8' });
    expect(files.filter((path) => path.endsWith('_gitignore'))).toEqual([]);
  });

  test('is asked for its kind where none is given', async () => {
    const { code, asked } = await run(['--plugin'], ['sink', 'told']);
    expect(code).toBe(0);
    expect(asked).toEqual([
      expect.stringMatching(/^What kind of plugin\? \(provider, /),
      'What is the plugin called? (my-sink) ',
    ]);
    expect(manifest('told')['name']).toBe('told');
    expect((await run(['--plugin'], ['nothing'])).err).toContain('There is no kind of plugin "nothing".');
  });

  test.each(Object.keys(KINDS))('of kind %s leaves nothing of the template in it', async (kind) => {
    expect(await run(['--plugin', kind, '@acme/thing'])).toMatchObject({ code: 0, err: '' });
    const files = readdirSync(join(cwd, 'thing'), { recursive: true, withFileTypes: true });
    for (const entry of files.filter((one) => one.isFile())) {
      const text = readFileSync(join(entry.parentPath, entry.name), 'utf8');
      expect(`${entry.name}\n${text}`).not.toMatch(new RegExp(`my-(?:scope|${kind})`));
    }
  });
});

test('--help says all kinds and options, --version the version', async () => {
  const { code, out } = await run(['--help']);
  expect(code).toBe(0);
  for (const word of [...Object.keys(KINDS), '--plugin', '--name', '--yes']) expect(out).toContain(word);
  expect(out.split('\n').filter((line) => line.length > 100)).toEqual([]);
  expect(await run(['--version'])).toMatchObject({ code: 0, out: `${ownVersion()}\n` });
});

test('the README lists the kinds that there are', () => {
  const text = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const rows = Object.entries(KINDS).map(([kind, what]) => `| \`${kind}\` | ${what} |\n`);
  expect(text.replaceAll(/ +\|/g, ' |')).toContain(rows.join(''));
});
