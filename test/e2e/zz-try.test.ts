import { afterAll, beforeAll, test } from 'vitest';
import { isDeepStrictEqual } from 'node:util';
import { readRecordings } from './recordings.ts';
import { decode, essence } from './decoding.ts';
import { startGateway, inlinePlugin, type TestGateway } from './gateways.ts';
import { Upstream, EVENT_STREAM, JSON_BODY, cutBySeed, byteByByte } from './upstream.ts';
let up: Upstream, gw: TestGateway, gw2: TestGateway;
beforeAll(async () => {
  up = await Upstream.start();
  gw = await startGateway({ upstream: up.url });
  gw2 = await startGateway({
    upstream: up.url,
    plugins: [
      inlinePlugin('noop', ({ hooks }) => {
        hooks.transform.event.tap('chat', () => ({ event: (e) => [e], end: () => [] }));
        hooks.transform.response.tap('chat', (r) => r);
      }),
    ],
  });
});
afterAll(async () => {
  await gw.close();
  await gw2.close();
  await up.stop();
});
test('x', async () => {
  const T: Record<string, number> = {};
  const time = async <T1>(k: string, f: () => Promise<T1>) => {
    const t = performance.now();
    const r = await f();
    T[k] = (T[k] ?? 0) + performance.now() - t;
    return r;
  };
  for (const [i, r] of readRecordings().entries()) {
    const headers = r.stream ? EVENT_STREAM : JSON_BODY;
    const ans = (chunks: Buffer[]) => up.answer({ status: r.status, headers, chunks });
    const model = r.dialect === 'openai-chat' ? 'gpt' : 'claude';
    ans([r.body]);
    const base = await time('base', () => decode(r.dialect, { url: up.url, model, stream: r.stream }));
    const cmp = async (k: string, url: string) => {
      const g = await time(k, () => decode(r.dialect, { url, model, stream: r.stream }));
      if (!isDeepStrictEqual(essence(base), essence(g)))
        process.stdout.write(
          `${k} ${r.name} events ${isDeepStrictEqual(base.events, g.events)} ${base.events.length} ${g.events.length} final ${isDeepStrictEqual(base.final, g.final)} fail ${JSON.stringify(base.failure)} ${JSON.stringify(g.failure)}\n`,
        );
      else if (base.raw !== g.raw)
        process.stdout.write(
          `${k} raw differs ${r.name} ${base.raw.length} ${g.raw.length} fail ${JSON.stringify(base.failure)}\n`,
        );
    };
    await cmp('whole', gw.url);
    await cmp('rewrite', gw2.url);
    ans(cutBySeed(r.body, i + 1));
    await cmp('split', gw.url);
    await cmp('split-rewrite', gw2.url);
    if (r.body.length < 20000) {
      ans(byteByByte(r.body));
      await cmp('bytes', gw.url);
      if (r.stream) await cmp('bytes-rewrite', gw2.url);
    }
  }
  process.stdout.write(JSON.stringify(T));
}, 600000);
