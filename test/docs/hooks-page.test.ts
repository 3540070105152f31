/** Tests of the reference of the hooks: what it says of some, and that the one in the repository is up to date. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { RESULT_CHECKS } from '../../core/src/hooks/checks.ts';
import { ROOT } from '../house/tree.ts';
import { HOOKS_PAGE, hooksPage } from './hooks-page.ts';

const page = hooksPage();
const part = (name: string): string => page.split(/^## /m).find((text) => text.startsWith(`\`${name}\`\n`)) ?? '';

test('every hook has a part, with its doc comment and its signature', () => {
  for (const name of Object.keys(RESULT_CHECKS)) {
    expect(part(name), name).toMatch(/^`[\w.]+`\n\n[A-Z].*\n\n`hooks\.[\w.]+\.tap.*`\n\n\| \| \|/);
  }
});

describe('what it says of', () => {
  test('a hook that decides who may come in', () => {
    expect(part('auth')).toContain('`hooks.auth.tap(fn: (exchange: Exchange) => Awaitable<Identity | undefined>');
    expect(part('auth')).toContain('| answers with | an identity with a string `key`, or undefined |');
    expect(part('auth')).toContain('| with `onError: skip` | goes on as if the tap had answered with undefined |');
  });

  test('a hook of streams, which is reversed, synchronous and not isolated', () => {
    const said = part('transform.event');
    expect(said).toContain('| order | the reverse of the configuration |');
    expect(said).toContain('| time | synchronous: a promise is a failure |');
    expect(said).toContain('| with `onError: skip` | leaves the stream as it is |');
    expect(said).toContain('| isolated | no');
  });

  test('providers, which are never skipped, and caches, which may have no answer', () => {
    expect(part('call')).toContain('| with `onError: skip` | the same: an attempt is never skipped |');
    expect(part('call.answer')).toContain('| answers with | a reply, or undefined |');
  });
});

test('core/docs/hooks.md says what the types and their comments say', () => {
  expect(readFileSync(join(ROOT, HOOKS_PAGE), 'utf8'), 'run `npm run docs`').toBe(page);
});
