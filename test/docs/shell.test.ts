/** Tests of sorting shell blocks, first on planted ones, then on those of the documents. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readTree, ROOT } from '../house/tree.ts';
import { movesOf } from '../pack/check/guide.ts';
import { blocksOf, isDocument, isGuide, type Block } from './blocks.ts';
import { commandsOf, kindOf, shellFaults } from './shell.ts';
import { isWalkable } from './walk.ts';

const block = (text: string) => ({ path: 'README.md', line: 5, language: 'sh', run: false, text });

test('commands are taken apart: comments go, lines that go on stay together', () => {
  const text = `# First
npm install && npm start   # then wait
curl http://127.0.0.1:4000/v1/models \\
  -H 'x: y' && true
curl -d '{
  "it": "goes on"
}' http://127.0.0.1:4000
`;
  expect(commandsOf(text)).toEqual([
    'npm install',
    'npm start',
    "curl http://127.0.0.1:4000/v1/models \\\n  -H 'x: y' && true",
    'curl -d \'{\n  "it": "goes on"\n}\' http://127.0.0.1:4000',
  ]);
});

test.each([
  ['curl -sN http://127.0.0.1:4000/', 'curl'],
  ['npm install', 'script'],
  ['npm run lint', 'script'],
  ['npm install @gatewright/core zod', 'install'],
  ['npx gatewright check examples/quickstart', 'gatewright'],
  ['npx gatewright plugins', 'gatewright'],
  ['cd gatewright', 'untested'],
  ['npx gatewright start', undefined],
  ['rm -rf dist', undefined],
])('%s is of the kind %s', (command, kind) => {
  expect(kindOf(command)).toBe(kind);
});

test('a command that no test runs is found, and a package that cannot be installed', () => {
  const packages = new Set(['@gatewright/core', 'zod']);
  expect(shellFaults(block('rm -rf dist\n'), packages)).toHaveLength(1);
  expect(shellFaults(block('npm install @gatewright/core zod@4 --save-dev\n'), packages)).toEqual([]);
  expect(shellFaults(block('npm install @gatewright/gone zod\n'), packages)).toEqual([
    'README.md:5 installs "@gatewright/gone", which nobody here publishes or depends on.',
  ]);
});

/** What a reader can install: the packages of this repository and what they depend on. */
function installable(): Set<string> {
  const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as { packages: object };
  const names = Object.keys(lock.packages).map((path) => path.replace(/^.*node_modules\//, ''));
  const manifests = readTree().filter(({ path }) => /^(?:core|plugins\/[^/]+)\/package\.json$/.test(path));
  return new Set([...names, ...manifests.map(({ text }) => (JSON.parse(text) as { name: string }).name)]);
}

test('every shell block of the documents is one that a test runs, or says why not', () => {
  const blocks = readTree().filter(isDocument).flatMap(blocksOf);
  const shell = blocks.filter(({ language }) => /^(?:sh|bash|shell|console|zsh)$/.test(language));
  expect(shell.filter(({ language }) => language !== 'sh').map(({ path, line }) => `${path}:${line}: say sh`)).toEqual(
    [],
  );
  const alone = shell.filter(({ walk, guide }) => walk === undefined && guide === undefined);
  const packages = installable();
  expect(alone.flatMap((one) => shellFaults(one, packages))).toEqual([]);
  const walked = shell.filter(({ walk }) => walk !== undefined);
  expect(walked.filter(({ path }) => !isWalkable(path)).map(({ path, line }) => `${path}:${line}`)).toEqual([]);
  const guided = shell.filter(({ guide }) => guide !== undefined);
  expect(guided.filter(({ path }) => !isGuide(path)).map(({ path, line }) => `${path}:${line}`)).toEqual([]);
});

test('every block of the documents is in a language that is tested, or is no program', () => {
  const known = new Set(['sh', 'ts', 'yaml', 'json', 'text', 'mermaid', 'http']);
  const blocks = readTree().filter(isDocument).flatMap(blocksOf);
  // A program of a guide is run where the guide says so.
  const isGuided = ({ path, language }: Block): boolean => isGuide(path) && language === 'js';
  const others = blocks.filter((one) => !known.has(one.language) && !isGuided(one));
  expect(others.map(({ path, line, language }) => `${path}:${line} is in "${language}", which no test reads`)).toEqual(
    [],
  );
});

test('every block of a guide is one that its reader types, writes or is shown', () => {
  const guides = readTree().filter(({ path }) => isGuide(path));
  expect(guides.length).toBeGreaterThan(0);
  for (const guide of guides) expect(movesOf(blocksOf(guide)).length, guide.path).toBeGreaterThan(0);
});

test('a guide tells its reader the name of every file that is to be written', () => {
  for (const guide of readTree().filter(({ path }) => isGuide(path))) {
    for (const { file, line } of blocksOf(guide)) {
      const before = guide.text
        .split('\n')
        .slice(0, line - 1)
        .join('\n');
      if (file !== undefined) expect(before, `${guide.path}:${line}`).toContain(`\`${file}\``);
    }
  }
});

test('every JSON block of the documents is JSON', () => {
  const blocks = readTree().filter(isDocument).flatMap(blocksOf);
  for (const { path, line, language, text } of blocks) {
    if (language === 'json') expect(() => JSON.parse(text) as unknown, `${path}:${line}`).not.toThrow();
  }
});
