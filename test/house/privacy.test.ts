/** Tests of the privacy rule, first on planted files, then on the repository. */
import { expect, test } from 'vitest';
import { lines } from './finding.ts';
import { privateMatters } from './privacy.ts';
import { readTree } from './tree.ts';

/** Puts together what must not stand in this file in one piece. */
const join = (...parts: string[]): string => parts.join('');
const found = (text: string): number => privateMatters([{ path: 'some/file.md', text }]).length;

test.each([
  ['a work folder', join("'/wo", "rk/main'")],
  ['a temporary file', join('cat /t', 'mp/brief.txt')],
  ['a home', join('file:///ho', 'me/ada/x')],
  ["a Mac's home", join('/Us', 'ers/ada')],
  ["a Windows' home", join('C:\\Us', 'ers\\ada')],
  ['a private registry', join('  "resol', 'ved": "http://10.0.0.1:8080/zod.tgz",')],
  ['a registry for everyone', join('regis', 'try=http://10.0.0.1:8080/')],
  ['a key', join('sk-', 'ant-api03-', 'x'.repeat(60))],
  ['a private key', join('-----BEGIN ', 'PRIVATE KEY-----')],
])('%s is found', (_what, text) => {
  expect(found(text)).toBe(1);
});

test.each([
  'plugins/work/src/index.ts',
  '${dir}/tmp/x and ./tmp/x and ~/work/x',
  'https://example.com/home',
  '"resolved": "https://registry.npmjs.org/zod/-/zod-4.6.7.tgz"',
  '"resolved": "plugins/prices"',
  'sk-test-1234',
])('%s is fine', (text) => {
  expect(found(text)).toBe(0);
});

test('the repository tells nothing about a machine, and no secrets', () => {
  expect(lines(privateMatters(readTree()))).toEqual([]);
});
