/** The checks before the call: what they leave out, what they do not, and what they say. */
import type { Target } from '@gatewright/core';
import { describe, expect, test } from 'vitest';
import { asked, targets, type Given } from '../rig.test.kit.ts';
import { CapabilityCheck, type Capability } from './capabilities.ts';
import type { Check } from './check.ts';
import { ContextCheck } from './context.ts';
import { RegionCheck } from './region.ts';

/** What a check says of each of four targets. */
function verdicts(check: Check, given: Given): (string | undefined)[] | undefined {
  const list = targets(4);
  const judge = check.look(list, asked(given));
  return judge === undefined ? undefined : list.map(judge);
}

const text = (content: string, ...more: object[]): object => ({
  messages: [{ role: 'user', parts: [{ type: 'text', text: content }, ...more] }],
});

describe('context', () => {
  const WINDOWS: Readonly<Record<string, number>> = { 'p/1': 1000, 'p/2': 8000, 'p/3': 100_000 };
  const windowOf = ({ id }: Target): number | undefined => WINDOWS[id];
  const check = new ContextCheck(windowOf);

  test('what fits into all of them by its bytes is not looked at any closer', () => {
    expect(verdicts(check, { bytes: 3000, maxOutput: 200 })).toBeUndefined();
  });

  test('what is too long is said, with the numbers; an unknown window is large enough', () => {
    expect(verdicts(check, { bytes: 50_000, request: text('word'.repeat(9000)), maxOutput: 50 })).toEqual([
      'takes 1000 tokens, and this is about 9000 and 50 of output',
      'takes 8000 tokens, and this is about 9000 and 50 of output',
      undefined,
      undefined,
    ]);
  });

  test('output that is asked for counts', () => {
    expect(verdicts(check, { bytes: 400, request: text('hi'), maxOutput: 2000 })?.[0]).toBe(
      'takes 1000 tokens, and this is about 1 and 2000 of output',
    );
  });

  test('data of images is no text, and what JSON escapes is no more of it', () => {
    const image = { type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: 'A'.repeat(1_000_000) } };
    expect(
      verdicts(new ContextCheck(({ id }) => 2 * (WINDOWS[id] ?? 1000)), {
        bytes: 1_000_000,
        request: text('look', image),
      }),
    ).toBeUndefined();
    expect(verdicts(check, { bytes: 12_000, request: text('я'.repeat(1900)) })).toBeUndefined();
  });

  test('tools, calls and their results are text', () => {
    const request = {
      tools: [{ kind: 'function', name: 'a', description: 'd'.repeat(2000) }],
      messages: [
        { role: 'assistant', parts: [{ type: 'tool-call', id: '1', name: 'a', arguments: 'x'.repeat(1200) }] },
        { role: 'tool', parts: [{ type: 'tool-result', id: '1', parts: [{ type: 'text', text: 'y'.repeat(1200) }] }] },
      ],
    };
    expect(verdicts(check, { bytes: 9000, request })?.[0]).toMatch(/this is about 11\d\d$/);
  });

  test('what cannot be read is left to others', () => {
    expect(verdicts(check, { bytes: 50_000 })).toBeUndefined();
  });

  test('other operations are judged by their bytes', () => {
    expect(verdicts(check, { bytes: 20_000, operation: 'embeddings' })?.slice(0, 2)).toEqual([
      'takes 1000 tokens, and this is about 5000',
      undefined,
    ]);
  });

  test('one is kept where the model goes elsewhere with what is too long', () => {
    const keeping = new ContextCheck(({ id }) => WINDOWS[id] ?? 500, true);
    const found = verdicts(keeping, { bytes: 900_000, request: text('word'.repeat(200_000)) });
    expect(found?.map((why) => why === undefined)).toEqual([false, false, true, false]);
  });
});

describe('capabilities', () => {
  const ABLE: Readonly<Record<string, readonly Capability[]>> = { 'p/1': [], 'p/2': ['tools', 'images'] };
  const check = new CapabilityCheck(({ id }) => ABLE[id]);
  const source = { kind: 'url', url: 'https://example.com/x' };

  test.each<[string, object, readonly (string | undefined)[] | undefined]>([
    ['text', text('hi'), undefined],
    ['tools', { tools: [{ kind: 'function', name: 'a' }] }, ['cannot do tools', undefined]],
    ['an image', text('hi', { type: 'image', source }), ['cannot do images', undefined]],
    ['a document', text('hi', { type: 'document', source }), ['cannot do documents', 'cannot do documents']],
    ['sound', text('hi', { type: 'audio', source }), ['cannot do audio', 'cannot do audio']],
    [
      'an image in the result of a tool',
      { messages: [{ role: 'tool', parts: [{ type: 'tool-result', id: '1', parts: [{ type: 'image', source }] }] }] },
      ['cannot do images', undefined],
    ],
    [
      'JSON by a schema, with tools',
      { tools: [{ kind: 'function', name: 'a' }], responseFormat: { kind: 'schema', schema: {} } },
      ['cannot do tools, structured-output', 'cannot do structured-output'],
    ],
    ['plain text as the format', { responseFormat: { kind: 'text' } }, undefined],
  ])('%s', (_what, request, first) => {
    expect(verdicts(check, { request })?.slice(0, 2)).toEqual(first);
    expect(verdicts(check, { request })?.slice(2) ?? [undefined, undefined]).toEqual([undefined, undefined]);
  });

  test('where no target lists any, the request is not read', () => {
    const request = (): never => {
      throw new Error('It was read.');
    };
    expect(new CapabilityCheck(() => undefined).look(targets(4), { ...asked(), request })).toBeUndefined();
  });

  test('other operations, and what cannot be read, are left to others', () => {
    expect(
      verdicts(check, { operation: 'embeddings', request: text('hi', { type: 'image', source }) }),
    ).toBeUndefined();
    expect(verdicts(check, {})).toBeUndefined();
  });
});

describe('region', () => {
  const REGIONS: Readonly<Record<string, string>> = { 'p/1': 'eu', 'p/2': 'us', 'p/3': 'ch' };
  const check = new RegionCheck(({ id }) => REGIONS[id], 'x-region');
  const allowed = (header: string | undefined, tags: readonly string[] = []): string[] | undefined => {
    const headers = header === undefined ? {} : { 'x-region': header };
    const found = verdicts(check, { headers, identity: { key: 'k', tags } });
    return found && targets(4).flatMap(({ id }, index) => (found[index] === undefined ? [id] : []));
  };

  test('without a wish all may serve it', () => expect(allowed(undefined, ['other'])).toBeUndefined());

  test('what the header names, and nothing that says no region', () => {
    expect(allowed('eu')).toEqual(['p/1']);
    expect(allowed('eu, ch')).toEqual(['p/1', 'p/3']);
    expect(allowed('mars')).toEqual([]);
  });

  test('a key is bound by its tags, and the header cannot loosen them', () => {
    expect(allowed(undefined, ['region:eu', 'region:ch'])).toEqual(['p/1', 'p/3']);
    expect(allowed('us, eu', ['region:eu', 'region:ch'])).toEqual(['p/1']);
    expect(allowed('us', ['region:eu'])).toEqual([]);
  });

  test('says where the target is, and where it must stay', () => {
    expect(verdicts(check, { headers: { 'x-region': 'eu' } })).toEqual([
      undefined,
      'is in us, and this must stay in eu',
      'is in ch, and this must stay in eu',
      'says no region, and this must stay in eu',
    ]);
  });
});
