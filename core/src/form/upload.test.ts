/** Forms as they are gathered and written again: fields, files, their order, and names that try to leave their quotes. */
import { buffer } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../dialect.ts';
import type { FormBody } from './file.ts';
import { FormGatherer } from './form-gatherer.ts';
import { MultipartParser } from './parser.ts';
import { Spool } from './spool.ts';
import type { Upload } from './upload.ts';

/** A form by the platform's own writer. */
async function bytesOf(fill: (form: FormData) => void): Promise<[Buffer, string]> {
  const form = new FormData();
  fill(form);
  const response = new Response(form);
  const boundary = /boundary=(.*)$/.exec(response.headers.get('content-type') ?? '')?.[1] ?? '';
  return [Buffer.from(await response.arrayBuffer()), boundary];
}

async function gather(bytes: Buffer, boundary: string): Promise<Upload> {
  const gatherer = new FormGatherer(new Spool());
  const parser = new MultipartParser(boundary, gatherer);
  for (let at = 0; at < bytes.length; at += 50_000) {
    parser.push(bytes.subarray(at, at + 50_000));
    await gatherer.waiting;
  }
  parser.end();
  return gatherer.upload();
}

const fieldsOf = (upload: Upload): JsonObject => JSON.parse(upload.fields.toString()) as JsonObject;

/** Reads a form with the platform's own reader. */
async function read(body: FormBody): Promise<[string, unknown][]> {
  const bytes = await buffer(body.open());
  expect(bytes.length).toBe(body.length);
  // oxlint-disable-next-line typescript/no-deprecated -- a reader that we did not write, for forms of a test
  const form = await new Response(new Uint8Array(bytes), { headers: { 'content-type': body.contentType } }).formData();
  const entries: [string, unknown][] = [];
  for (const [name, value] of form) {
    if (typeof value === 'string') entries.push([name, value]);
    else entries.push([name, [value.name, value.type, Buffer.from(await value.arrayBuffer()).toString('latin1')]]);
  }
  return entries;
}

describe('a form', () => {
  test('is gathered as JSON, and written again with the same parts', async () => {
    const [bytes, boundary] = await bytesOf((form) => {
      form.append('file', new File(['RIFF\r\n--x\0\xff'], 'a b.wav', { type: 'audio/wav' }));
      form.append('model', 'whisper-1');
      form.append('timestamp_granularities[]', 'word');
      form.append('prompt', 'über "alles"\r\nzwei');
      form.append('image', new File(['one'], '1.png', { type: 'image/png' }));
      form.append('image', new File(['two'], '2.png', { type: 'image/png' }));
      form.append('__proto__', 'x');
    });
    const upload = await gather(bytes, boundary);
    const fields = fieldsOf(upload);
    expect(Object.entries(fields)).toEqual([
      ['file', { $file: 0, filename: 'a b.wav', contentType: 'audio/wav', size: 12 }],
      ['model', 'whisper-1'],
      ['timestamp_granularities[]', ['word']],
      ['prompt', 'über "alles"\r\nzwei'],
      [
        'image',
        [
          { $file: 1, filename: '1.png', contentType: 'image/png', size: 3 },
          { $file: 2, filename: '2.png', contentType: 'image/png', size: 3 },
        ],
      ],
      ['__proto__', 'x'],
    ]);
    expect(await read(upload.body({ ...fields, model: 'target' }))).toEqual([
      ['file', ['a b.wav', 'audio/wav', 'RIFF\r\n--x\0Ã¿']],
      ['model', 'target'],
      ['timestamp_granularities[]', 'word'],
      ['prompt', 'über "alles"\r\nzwei'],
      ['image', ['1.png', 'image/png', 'one']],
      ['image', ['2.png', 'image/png', 'two']],
      ['__proto__', 'x'],
    ]);
    await upload.close();
  });

  test('is the same each time it is opened, from memory and from disk', async () => {
    for (const size of [1_000, 3_000_000]) {
      const content = Buffer.alloc(size, 'abcdefg\r\n--');
      const [bytes, boundary] = await bytesOf((form) => form.append('file', new File([content], 'a.wav')));
      const upload = await gather(bytes, boundary);
      expect(upload.onDisk).toBe(size > 2_000_000);
      const body = upload.body(fieldsOf(upload));
      const [first, second] = await Promise.all([buffer(body.open()), buffer(body.open())]);
      expect(first.equals(second)).toBe(true);
      expect(first.includes(content)).toBe(true);
      await upload.close();
    }
  });

  test('writes numbers, booleans, lists and objects, and leaves out what is null', async () => {
    const [bytes, boundary] = await bytesOf((form) => form.append('file', new File([''], 'empty.wav')));
    const upload = await gather(bytes, boundary);
    const { file } = fieldsOf(upload);
    const body = upload.body({
      temperature: 0.5,
      stream: true,
      'a[]': ['x', 2],
      strategy: { type: 'vad' },
      no: null,
      file,
    });
    expect(await read(body)).toEqual([
      ['temperature', '0.5'],
      ['stream', 'true'],
      ['a[]', 'x'],
      ['a[]', '2'],
      ['strategy', '{"type":"vad"}'],
      ['file', ['empty.wav', 'application/octet-stream', '']],
    ]);
    await upload.close();
  });

  test('keeps names inside of their quotes', async () => {
    const evil = 'a"; name="model\r\nX-Evil: 1\r\n\r\n.wav';
    const upload = await gather(
      Buffer.from('--b\r\nContent-Disposition: form-data; name="f"; filename="x"\r\n\r\nabc\r\n--b--'),
      'b',
    );
    const { f } = fieldsOf(upload);
    const file = { ...(f as object), filename: evil, contentType: 'audio/wav\r\nX-Evil: 1' };
    const text = (await buffer(upload.body({ [evil]: 'v', file }).open())).toString();
    expect(text).not.toMatch(/^X-Evil/m);
    expect((await read(upload.body({ [evil]: 'v', file }))).map(([name]) => name)).toHaveLength(2);
    await upload.close();
  });

  test('whose files are let go ends what is being read', async () => {
    const [bytes, boundary] = await bytesOf((form) => form.append('file', new File([Buffer.alloc(3_000_000)], 'a')));
    const upload = await gather(bytes, boundary);
    const stream = upload.body(fieldsOf(upload)).open();
    await upload.close();
    expect(stream.destroyed).toBe(true);
    await expect(buffer(upload.body(fieldsOf(upload)).open())).rejects.toThrow('closed');
  });

  test('that asks for a file that is not there is not written', async () => {
    const upload = await gather(Buffer.from('--b--'), 'b');
    expect(() => upload.body({ file: { $file: 3, size: 1 } })).toThrow(/no file 3/);
    await upload.close();
  });
});

describe('refused are', () => {
  const part = (name: string, value: string) =>
    `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;

  test('a file that is sent as a field', async () => {
    const value = 'x'.repeat(1024 * 1024);
    await expect(gather(Buffer.from(`${part('file', value)}--b--`), 'b')).rejects.toMatchObject({
      code: 'GW_BODY_TOO_LARGE',
      details: { help: expect.stringContaining('filename') as string },
    });
  });

  test('fields that are too many in all', async () => {
    const parts = Array.from({ length: 1_001 }, (_, index) => part(`f${index}`, 'x')).join('');
    await expect(gather(Buffer.from(`${parts}--b--`), 'b')).rejects.toThrow(/more than 1000 parts/);
    const names = part('n'.repeat(7_000), 'x').repeat(200);
    await expect(gather(Buffer.from(`${names}--b--`), 'b')).rejects.toMatchObject({ code: 'GW_BODY_TOO_LARGE' });
  });

  test('a field that is no text', async () => {
    const bytes = Buffer.from(`${part('model', '\xff\xfe')}--b--`, 'latin1');
    await expect(gather(bytes, 'b')).rejects.toMatchObject({ code: 'GW_BAD_REQUEST', details: { param: 'model' } });
  });
});
