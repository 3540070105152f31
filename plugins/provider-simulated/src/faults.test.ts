/** Every fault does what the table says, in both dialects, streamed and whole. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { FAULTS, faultNamed, faultsNamed } from './faults.ts';
import { ask, eventsIn, type Asking, type Outcome } from './rig.test.kit.ts';

type Dialect = 'openai-chat' | 'anthropic-messages';

const DIALECTS: readonly Dialect[] = ['openai-chat', 'anthropic-messages'];

function asking(dialect: Dialect, model: string, stream: boolean, more: Partial<Asking> = {}): Promise<Outcome> {
  const body = { model, stream, max_tokens: 1000, messages: [{ role: 'user', content: 'Why?' }] };
  return ask({ body: JSON.stringify(body), ...more, options: { dialect, ...more.options } });
}

const codeOf = ({ error }: Outcome): string | undefined => (error as { code?: string } | undefined)?.code;
const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

/** The text of a stream's answer, as far as it came. */
function answerIn(text: string): string {
  const events = eventsIn(text)
    .filter(isJson)
    .map((data) => JSON.parse(data) as Record<string, never>);
  return events
    .map((event: { choices?: { delta?: { content?: string } }[]; delta?: { text?: string } }) => {
      return event.choices?.[0]?.delta?.content ?? event.delta?.text ?? '';
    })
    .join('');
}

describe.each(DIALECTS)('in a stream of %s', (dialect) => {
  const end = dialect === 'openai-chat' ? 'data: [DONE]' : 'event: message_stop';
  const stop = dialect === 'openai-chat' ? '"finish_reason":"stop"' : '"stop_reason":"end_turn"';
  const run = (model: string, more?: Partial<Asking>): Promise<Outcome> => asking(dialect, model, true, more);

  test('without a fault all is well', async () => {
    const { status, text, error, headers } = await run('sim');
    expect([status, error, headers['content-type']]).toEqual([200, undefined, 'text/event-stream; charset=utf-8']);
    expect(text).toContain(stop);
    expect(text.trimEnd().split('\n').at(-1) ?? '').toContain(dialect === 'openai-chat' ? '[DONE]' : 'message_stop');
  });

  test('cut-before-content: an opening, no content, a broken connection', async () => {
    const outcome = await run('cut-before-content');
    expect([outcome.status, codeOf(outcome), answerIn(outcome.text)]).toEqual([200, 'GW_UPSTREAM_CUT', '']);
    expect(eventsIn(outcome.text).length).toBeGreaterThan(0);
  });

  test.each(['cut-mid-stream', 'hang-mid-stream'])('%s: half of the answer in whole events', async (model) => {
    const [good, outcome] = [await run('sim'), await run(model)];
    const [whole, part] = [answerIn(good.text), answerIn(outcome.text)];
    expect(whole.startsWith(part)).toBe(true);
    expect(part.length / whole.length).toBeCloseTo(0.5, 1);
    expect(outcome.text.endsWith('\n\n')).toBe(true);
    expect(codeOf(outcome)).toBe(model === 'cut-mid-stream' ? 'GW_UPSTREAM_CUT' : 'GW_UPSTREAM_TIMEOUT');
  });

  test('cut-mid-event: the last event is not whole', async () => {
    const outcome = await run('cut-mid-event');
    expect([codeOf(outcome), outcome.text.endsWith('\n')]).toEqual(['GW_UPSTREAM_CUT', false]);
    expect(answerIn(outcome.text)).not.toBe('');
  });

  test('truncated-json: the same, but a clean end', async () => {
    const outcome = await run('truncated-json');
    expect([outcome.error, outcome.text.endsWith('\n'), isJson(eventsIn(outcome.text).at(-1) ?? '')]).toEqual([
      undefined,
      false,
      false,
    ]);
  });

  test('error-before-content and error-mid-stream: status 200, an error, nothing behind it', async () => {
    for (const model of ['error-before-content', 'error-mid-stream']) {
      const { status, text, error } = await run(model);
      expect([status, error]).toEqual([200, undefined]);
      expect(answerIn(text) === '').toBe(model === 'error-before-content');
      expect(JSON.parse(eventsIn(text).at(-1) ?? '')).toHaveProperty('error.message');
      expect(text).not.toContain(end);
    }
  });

  test('malformed-event: one event is no JSON, the others are', async () => {
    const { text, error } = await run('malformed-event');
    const broken = eventsIn(text).filter((data) => data !== '[DONE]' && !isJson(data));
    expect([broken.length, error]).toEqual([1, undefined]);
    expect(text).toContain(end);
  });

  test('empty-stream: a clean end without a byte', async () => {
    expect(await run('empty-stream')).toMatchObject({ status: 200, text: '' });
  });

  test('no-end-marker and no-finish leave out exactly that', async () => {
    const unmarked = await run('no-end-marker');
    expect([unmarked.text.includes(end), unmarked.text.includes(stop), unmarked.error]).toEqual([
      false,
      true,
      undefined,
    ]);
    const unfinished = await run('no-finish');
    expect([unfinished.text.includes(end), unfinished.text.includes(stop)]).toEqual([true, false]);
  });

  test('slow-first-token: the opening comes at once, the content later', async () => {
    const [usual, slow] = [await run('sim'), await run('slow-first-token')];
    expect(slow.time - usual.time).toBeCloseTo(3000, -2);
    expect((await run('sim+slow-first-token-50')).time - usual.time).toBeCloseTo(50, -1);
  });

  test('pace-N', async () => {
    const [usual, fast, none] = [await run('sim'), await run('pace-600'), await run('pace-0')];
    expect((usual.time - 300) / (fast.time - 300)).toBeCloseTo(10, 0);
    expect(none.time).toBe(300);
  });

  test('crlf, comments, no-last-newline, one-byte change the form and not the answer', async () => {
    const [usual, odd] = [await run('sim'), await run('sim+crlf+comments+no-last-newline+one-byte')];
    expect(answerIn(odd.text)).toBe(answerIn(usual.text));
    expect(odd.text.replaceAll('\r\n', '')).not.toContain('\n');
    expect(odd.text).toContain('\r\n: ');
    expect(odd.text.endsWith('\n')).toBe(false);
    expect(odd.chunks.every(({ length }) => length === 1)).toBe(true);
  });

  test('no-usage', async () => {
    for (const model of ['sim', 'no-usage']) {
      const messages = [{ role: 'user', content: 'Why?' }];
      const body = { model, stream: true, max_tokens: 9, stream_options: { include_usage: true }, messages };
      expect((await run(model, { body })).text.includes('"usage":')).toBe(model === 'sim');
    }
  });
});

describe.each(DIALECTS)('in a whole reply of %s', (dialect) => {
  const run = (model: string, more?: Partial<Asking>): Promise<Outcome> => asking(dialect, model, false, more);

  test.each([
    ['cut-before-content', 200, 'GW_UPSTREAM_CUT', 'nothing'],
    ['cut-mid-stream', 200, 'GW_UPSTREAM_CUT', 'a part'],
    ['cut-mid-event', 200, 'GW_UPSTREAM_CUT', 'a part'],
    ['hang-mid-stream', 200, 'GW_UPSTREAM_TIMEOUT', 'a part'],
    ['truncated-json', 200, undefined, 'a part'],
    ['malformed-event', 200, undefined, 'a part'],
    ['empty-stream', 200, undefined, 'nothing'],
    ['error-before-content', 200, undefined, 'an error'],
    ['error-mid-stream', 200, undefined, 'an error'],
    ['slow-first-token', 200, undefined, 'all'],
    ['no-end-marker', 200, undefined, 'all'],
    ['sim+crlf', 200, undefined, 'all'],
  ])('%s', async (model, status, code, what) => {
    const outcome = await run(model);
    expect([outcome.status, codeOf(outcome)]).toEqual([status, code]);
    if (what === 'nothing') expect(outcome.text).toBe('');
    else if (what === 'a part') expect([isJson(outcome.text), outcome.text.length > 20]).toEqual([false, true]);
    else if (what === 'an error') expect(JSON.parse(outcome.text)).toHaveProperty('error.message');
    else expect(JSON.parse(outcome.text)).toMatchObject({ model });
  });

  test('no-finish', async () => {
    expect((await run('no-finish')).text).toMatch(/"(finish|stop)_reason":null/u);
  });

  test('content-filter', async () => {
    const [usual, cut] = [await run('sim'), await run('content-filter')];
    expect(cut.text).toContain(dialect === 'openai-chat' ? '"content_filter"' : '"refusal"');
    expect(cut.text.length).toBeLessThan(usual.text.length);
  });
});

describe('before the head', () => {
  test('error replies have their status and come at once', async () => {
    const { status, text, time, headers } = await asking('openai-chat', 'error-418', true);
    expect([status, time, headers['content-type']]).toEqual([418, 0, 'application/json']);
    expect(JSON.parse(text)).toHaveProperty('error.message');
  });

  test('html-502', async () => {
    const outcome = await asking('openai-chat', 'html-502', true);
    expect([outcome.status, outcome.headers['content-type'], outcome.text.slice(0, 6)]).toEqual([
      502,
      'text/html',
      '<html>',
    ]);
  });

  test('refuse-connection and hang', async () => {
    expect(codeOf(await asking('openai-chat', 'refuse-connection', true))).toBe('GW_UPSTREAM_UNREACHABLE');
    const hung = await asking('openai-chat', 'hang', true, { headers: 2000 });
    expect([codeOf(hung), hung.time]).toEqual(['GW_UPSTREAM_TIMEOUT', 2000]);
  });

  test('retry-after goes with errors only', async () => {
    expect((await asking('openai-chat', 'error-429+retry-after-7', true)).headers['retry-after']).toBe('7');
    expect((await asking('openai-chat', 'sim+retry-after-7', true)).headers['retry-after']).toBeUndefined();
  });
});

describe('names', () => {
  test.each(['error-399', 'error-600', 'error', 'flaky', 'flaky-x', 'tokens-', 'crlf ', 'CRLF', 'slow-first-token-'])(
    '"%s" is no fault',
    (name) => expect(faultNamed(name)).toBeUndefined(),
  );

  test('several are put in the order of the table, each once', () => {
    const forms = faultsNamed(['one-byte', 'flaky-2', 'tokens-5', 'flaky-3']).map(({ fault, n }) => [fault.form, n]);
    expect(forms).toEqual([
      ['tokens-N', 5],
      ['flaky-N', 3],
      ['one-byte', NaN],
    ]);
  });

  test('an unknown one is refused, and the known ones are listed', () => {
    expect(() => faultsNamed(['crlf', 'eror-500'])).toThrow(/no fault "eror-500".*error-NNN/u);
  });

  test('the table in the README is this table', () => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
    const rows = FAULTS.map(({ form, what }) => `| \`${form}\` | ${what} |`);
    const [, table = ''] = readme.split('<!-- faults -->\n| fault | what it does |\n|---|---|\n');
    expect(table.split('\n<!-- /faults -->')[0]?.split('\n')).toEqual(rows);
  });
});
