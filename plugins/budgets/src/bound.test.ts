/** What a request only names by its address is reserved for, wherever it stands; a link in a text is not. */
import { expect, test } from 'vitest';
import { startRig } from './rig.test.kit.ts';

const image = (url: string): object => ({ type: 'image_url', image_url: { url } });

/** For how many tokens a message reserves, in hundreds of thousands: its own bytes are few. */
async function reserved(content: unknown): Promise<number> {
  const rig = await startRig({ budgets: [{ per: 'key', limit: 1 }], urlTokens: 100_000 });
  try {
    expect((await rig.ask({ key: 'a' }, { messages: [{ role: 'user', content }] })).status).toBe(200);
    const held = Number(rig.outcomes[0]?.postings?.[0]?.held);
    return Math.floor(held / 1000 / 100_000);
  } finally {
    await rig.gateway.close();
  }
}

test.each([
  ['an image', [image('https://example.com/cat.png')], 1],
  ['two images', [image('https://example.com/cat.png'), image('HTTP://example.com/dog.png')], 2],
  ['a file', [{ type: 'file', file: { file_id: 'abc' } }], 1],
  ['an image that is sent along', [image('data:image/png;base64,iVBORw0KGgo=')], 0],
  ['a link in a text', 'See https://example.com/cat.png', 0],
  ['a text that is a link', 'https://example.com/cat.png', 0],
  ['a text about a file', 'file:///cat.png', 0],
])('%s', async (_what, content, times) => expect(await reserved(content)).toBe(times));
