/** Every template compiles and passes its own tests as it stands; needs a build of the packages that it depends on. */
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { KINDS } from './kinds.ts';
import { TEMPLATES } from './template.ts';
import { ownVersion } from './version.ts';

const PLUGINS = Object.keys(KINDS);
const HEADINGS = ['Install', 'Options', 'Hooks', 'Failure', 'Example', 'Work on it'];
/** Milliseconds; a compiler and a process for each test file, on a machine that does other things too. */
const PATIENCE = 120_000;

interface Manifest {
  readonly scripts: Readonly<Record<string, string>>;
  readonly [key: string]: unknown;
}

const read = (kind: string, file: string): string => readFileSync(join(TEMPLATES, kind, file), 'utf8');
const manifestOf = (kind: string): Manifest => JSON.parse(read(kind, 'package.json')) as Manifest;

/** Runs this Node in a template's folder and answers with what it said, where it failed. */
function run(kind: string, words: readonly string[]): Promise<string> {
  // The tests' own runner says to its children that they are part of it.
  const { NODE_TEST_CONTEXT: _, NODE_OPTIONS: __, ...env } = process.env;
  return new Promise((resolve) => {
    execFile(process.execPath, words, { cwd: join(TEMPLATES, kind), env }, (error, stdout, stderr) =>
      resolve(error === null ? '' : `${stdout}${stderr}`),
    );
  });
}

test('there is a template for every kind, and none that nobody can ask for', () => {
  expect(readdirSync(TEMPLATES).toSorted()).toEqual(['gateway', ...PLUGINS].toSorted());
});

describe.each(['gateway', ...PLUGINS])('%s', (kind) => {
  test('passes its own tests', { timeout: PATIENCE }, async () => {
    const files = kind === 'gateway' ? [] : ['src/**/*.test.ts'];
    expect(await run(kind, ['--conditions=gatewright-source', '--test', ...files])).toBe('');
  });

  test('asks for the packages of its own release, and for others by one exact version', () => {
    const { dependencies, devDependencies, peerDependencies } = manifestOf(kind);
    const all = Object.entries({
      ...(dependencies as object),
      ...(devDependencies as object),
      ...(peerDependencies as object),
    });
    for (const [name, range] of all) {
      if (name.startsWith('@gatewright/')) expect([name, range]).toEqual([name, `^${ownVersion()}`]);
      else expect([name, range]).toEqual([name, expect.stringMatching(/^\d+\.\d+\.\d+$/)]);
    }
  });

  test('has no file that npm would leave out of the package', () => {
    const names = readdirSync(join(TEMPLATES, kind), { recursive: true, encoding: 'utf8' });
    expect(names.filter((name) => /(?:^|\/)(?:\.git|\.npm|\.env|\.docker)/.test(name))).toEqual([]);
  });
});

describe.each(PLUGINS)('%s', (kind) => {
  test('compiles, and nothing of it is unused', { timeout: PATIENCE }, async () => {
    const compiler = fileURLToPath(import.meta.resolve('typescript/package.json')).replace('package.json', 'bin/tsc');
    expect(await run(kind, [compiler, '--noEmit', '--noUnusedLocals', '--noUnusedParameters'])).toBe('');
  });

  test('has the same settings as all others', () => {
    for (const file of ['tsconfig.json', '_gitignore']) expect(read(kind, file)).toBe(read('provider', file));
    const { scripts, files, exports, publishConfig, engines, keywords } = manifestOf('provider');
    expect(manifestOf(kind)).toMatchObject({ scripts, files, exports, publishConfig, engines, keywords });
    expect(keywords).toContain('gatewright-plugin');
  });

  test('has a README with the headings of a plugin, and says in it every option that it has', async () => {
    const text = read(kind, 'README.md');
    const headings = text.replaceAll(/^```[^]*?^```/gm, '').matchAll(/^## (.*)$/gm);
    expect([...headings].map(([, heading]) => heading)).toEqual(HEADINGS);
    const said = [...text.matchAll(/^\| +`([\w.[\]]+)` +\|[^|]*\|[^|]*\| (.*?) +\|$/gm)];
    const { default: plugin } = (await import(join(TEMPLATES, kind, 'src/index.ts'))) as {
      default: { options: { shape: Record<string, { description?: string }> } };
    };
    const options = Object.entries(plugin.options.shape).map(([name, { description }]) => [name, description]);
    expect(said.map(([, name, what]) => [name, what])).toEqual(expect.arrayContaining(options));
  });
});

describe('where a gateway is put', () => {
  const command = 'node node_modules/@gatewright/core/bin/gatewright.js start';

  test('the image has what it copies, and starts the command as npm start does', () => {
    const text = read('gateway', 'Dockerfile');
    const [last = ''] = text.match(/^CMD .*$/m) ?? [];
    expect((JSON.parse(last.slice('CMD '.length)) as string[]).join(' ')).toBe(`${command} --host 0.0.0.0`);
    expect(text).toContain('COPY package.json package-lock.json* ./\n');
    expect(text.indexOf('USER node')).toBeGreaterThan(text.indexOf('RUN npm install'));
    expect(text).toContain(`http://127.0.0.1:${/port: (\d+)/.exec(read('gateway', 'gatewright.yaml'))?.[1]}/health`);
  });

  test('the unit starts the same, and lets streams finish', () => {
    const text = read('gateway', 'my-gateway.service');
    expect(text).toContain(`ExecStart=/usr/bin/env ${command}\n`);
    expect(text).toContain('ExecReload=/bin/kill -HUP $MAINPID\n');
    const sections = [...text.matchAll(/^\[(\w+)\]$/gm)].map(([, name]) => name);
    expect(sections).toEqual(['Unit', 'Service', 'Install']);
    // The configuration's own "drainTimeout" is 30 seconds.
    expect(Number(/^TimeoutStopSec=(\d+)$/m.exec(text)?.[1])).toBeGreaterThan(30);
  });
});
