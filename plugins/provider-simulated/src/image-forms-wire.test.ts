/** Images made from images: what comes is what the API would give, and always the same. */
import { describe, expect, test } from 'vitest';
import { ask, eventsIn } from './rig.test.kit.ts';

const FILE = { $file: 0, filename: 'talk.mp3', contentType: 'audio/mpeg', size: 160_000 };

describe('an image made from an image', () => {
  const image = { ...FILE, filename: '1.png', contentType: 'image/png' };

  test('is a picture for each that was asked for', async () => {
    const body = { model: 'sim', prompt: 'a hat', n: '2', 'image[]': [image, image] };
    const { text } = await ask({ operation: 'image-edit', body });
    expect((JSON.parse(text) as { data: unknown[] }).data).toHaveLength(2);
    const variation = await ask({ operation: 'image-variation', body: { model: 'sim', image } });
    expect((JSON.parse(variation.text) as { data: unknown[] }).data).toHaveLength(1);
  });

  test('comes as events of its own names', async () => {
    const body = { model: 'sim', prompt: 'a hat', image, stream: 'true', partial_images: '1' };
    const types = eventsIn((await ask({ operation: 'image-edit', body })).text).map(
      (event) => (JSON.parse(event) as { type: string }).type,
    );
    expect(types).toEqual(['image_edit.partial_image', 'image_edit.completed']);
  });

  test('is refused without one', async () => {
    expect(await ask({ operation: 'image-edit', body: { model: 'sim', prompt: 'a hat' } })).toMatchObject({
      status: 400,
    });
    expect(await ask({ operation: 'image-variation', body: { model: 'sim' } })).toMatchObject({ status: 400 });
  });
});
