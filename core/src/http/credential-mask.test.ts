/** What error replies may repeat of a credential, and what they may not. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bytesReply, type ReplyBody } from '../reply.ts';
import { CredentialMask } from './credential-mask.ts';

const KEY = 'acme-7fQ2xLw9Zr4TbVn8KsYp';
const mask = new CredentialMask([KEY], ['x-team: blue-secret-1', 'short']);

describe('a text', () => {
  test.each([
    ['the key', `bad key ${KEY}.`, 'bad key [redacted].'],
    ['the key twice', `${KEY}${KEY}`, '[redacted][redacted]'],
    ['its beginning', `no key begins with ${KEY.slice(0, 12)}!`, 'no key begins with [redacted]!'],
    ['its middle', `saw "${KEY.slice(6, 15)}"`, 'saw "[redacted]"'],
    ['its end', `ends in ${KEY.slice(-8)}`, 'ends in [redacted]'],
    [
      'stars in its middle',
      `Incorrect API key: ${KEY.slice(0, 5)}****${KEY.slice(-4)}.`,
      'Incorrect API key: [redacted].',
    ],
    ['stars before its end', `Your api key: ****${KEY.slice(-4)} is invalid`, 'Your api key: [redacted] is invalid'],
    ['dots in its middle', `${KEY.slice(0, 3)}...${KEY.slice(-3)}`, '[redacted]'],
    ['a configured value', 'got x-team: blue-secret-1', 'got [redacted]'],
  ])('loses %s', (_what, text, expected) => {
    expect(mask.text(text)).toBe(expected);
  });

  test.each([
    ['other words', 'The model `gpt` does not exist.'],
    ['stars of something else', 'see **this** and a****b'],
    ['an ellipsis of something else', 'wait...'],
    ['less than a piece', `ends in ${KEY.slice(-4)}`],
    ['a short configured value', 'too short'],
  ])('keeps %s', (_what, text) => {
    expect(mask.text(text)).toBe(text);
  });

  test('loses every piece of a credential, whatever its characters and wherever it stands', () => {
    const parts = [fc.string({ unit: 'binary-ascii', minLength: 8, maxLength: 40 }), fc.nat(), fc.string()] as const;
    fc.assert(
      fc.property(...parts, (credential, from, around) => {
        const start = from % (credential.length - 7);
        const piece = credential.slice(start, start + 8);
        fc.pre(!'[redacted]'.includes(piece) && !around.includes(piece));
        const masked = new CredentialMask([credential]).text(`${around}\u00ff${piece}\u00ff${around}`);
        expect(masked).not.toContain(`\u00ff${piece}\u00ff`);
      }),
    );
  });

  test('without credentials nothing is masked', () => {
    expect(new CredentialMask(['', 'short'], ['']).text('a short ****')).toBe('a short ****');
  });
});

describe('a reply', () => {
  test('that succeeded is left alone', () => {
    const reply = bytesReply(200, {}, [Buffer.from(KEY)]);
    expect(mask.reply(reply)).toBe(reply);
  });

  test('that failed is masked over the borders of its chunks, and keeps its other bytes', async () => {
    const bytes = Buffer.from(`{"message":"Schlüssel ${KEY} … nein"}`);
    const chunks = [bytes.subarray(0, 11), bytes.subarray(11, 30), bytes.subarray(30)];
    const { status, headers, body } = mask.reply(bytesReply(401, { 'retry-after': '1' }, chunks));
    expect([status, headers['retry-after']]).toEqual([401, '1']);
    expect(await textOf(body)).toBe('{"message":"Schlüssel [redacted] … nein"}');
  });

  test('that is endless is cut, and its connection let go', async () => {
    let cancelled = 0;
    const endless: ReplyBody = {
      pipe(sink) {
        while (cancelled === 0) sink.data(Buffer.alloc(100_000, 97));
      },
      pause: () => undefined,
      resume: () => undefined,
      cancel: () => void cancelled++,
    };
    const text = await textOf(mask.reply({ status: 500, headers: {}, body: endless }).body);
    expect([text.length, cancelled]).toEqual([256 * 1024, 1]);
  });

  test('that breaks, is paused or cancelled hands that on', async () => {
    const calls: string[] = [];
    const broken: ReplyBody = {
      pipe: (sink) => sink.error(new Error('cut')),
      pause: () => void calls.push('pause'),
      resume: () => void calls.push('resume'),
      cancel: () => void calls.push('cancel'),
    };
    const { body } = mask.reply({ status: 500, headers: {}, body: broken });
    await expect(textOf(body)).rejects.toThrow('cut');
    body.pause();
    body.resume();
    body.cancel();
    expect(calls).toEqual(['pause', 'resume', 'cancel']);
  });
});

function textOf(body: ReplyBody): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    body.pipe({
      data: (chunk) => chunks.push(chunk),
      end: () => resolve(Buffer.concat(chunks).toString()),
      error: reject,
    });
  });
}
