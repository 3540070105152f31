/** Requests: what a provider registers, what it sends for it, and what it hands back. */
import assert from 'node:assert/strict';
import { attemptAt, spokenBy } from './spoken.ts';
import { outcomeOf, textOf } from './reply.ts';
import type { ProviderTrial } from './suite.ts';
import { within } from './within.ts';

export function requestTests(trial: ProviderTrial): void {
  registering(trial);
  sending(trial);
  answering(trial);
}

function registering({ plugin, onStage }: ProviderTrial): void {
  onStage('it serves operations, and `supports` lists them all', async (stage) => {
    const { rig } = await stage.open();
    const served = Object.keys(rig.options.operations);
    assert.ok(served.length > 0, 'The provider serves no operation.');
    const said = plugin.supports?.['operations'];
    assert.ok(Array.isArray(said), '`supports.operations` must be a list.');
    const all = new Set<unknown>([...(said as readonly string[]), ...(plugin.supports?.operationsIfConfigured ?? [])]);
    const silent = served.filter((operation) => !all.has(operation));
    assert.deepEqual(silent, [], '`supports.operations` does not list everything that setup registers.');
    assert.equal(typeof plugin.supports?.['streaming'], 'boolean', '`supports.streaming` must say whether it streams.');
  });
}

function sending({ models, onStage }: ProviderTrial): void {
  onStage('every operation, in every dialect, posts the bytes that it was given', async (stage) => {
    const { server, rig } = await stage.open();
    for (const spoken of spokenBy(rig.options, models)) {
      const what = `${spoken.operation} in ${spoken.dialect}`;
      const body = `{ "say" : "ж ${what}" }`;
      await textOf(await rig.send(attemptAt(spoken, { body })));
      const [request, ...more] = server.received.splice(0);
      assert.deepEqual([request?.method, request?.body, more.length], ['POST', body, 0], what);
      assert.match(request?.headers['content-type'] ?? '', /^application\/json/, what);
      assert.notEqual(request?.headers['user-agent'] ?? '', '', `${what}: says nothing of who asks (user-agent).`);
    }
  });

  onStage(
    'a stream is asked for with the same bytes, and one attempt leaves nothing behind for the next',
    async (stage) => {
      const { server, rig } = await stage.open();
      for (const stream of [true, false, true, false]) {
        await textOf(await rig.send({ body: `{"stream":${stream}}`, stream }));
      }
      const bodies = server.received.map(({ body }) => body);
      assert.deepEqual(bodies, ['{"stream":true}', '{"stream":false}', '{"stream":true}', '{"stream":false}']);
      const [first, second, third, fourth] = server.received.map(({ url }) => url);
      assert.deepEqual([third, fourth], [first, second]);
    },
  );

  onStage('attempts at the same time do not meet', async (stage) => {
    const { server, rig } = await stage.open();
    const bodies = Array.from({ length: 8 }, (_, index) => `{"n":${index}}`);
    await Promise.all(bodies.map(async (body) => textOf(await rig.send({ body }))));
    assert.deepEqual(server.received.map(({ body }) => body).toSorted(), bodies);
  });
}

function answering({ onStage }: ProviderTrial): void {
  onStage('a reply comes with its status, its headers and its very bytes', async (stage) => {
    const body = Buffer.from([0, 255, 10, 13, 0xe2, 0x82, 0xac, 123]);
    const pieces = [body.subarray(0, 5), body.subarray(5)];
    const { rig } = await stage.open({}, { status: 201, headers: { 'x-request-id': 'up-7' }, body: pieces });
    const reply = await rig.send();
    assert.deepEqual([reply.status, reply.headers['x-request-id']], [201, 'up-7']);
    const outcome = await outcomeOf(reply);
    assert.deepEqual([outcome.bytes.toString('hex'), outcome.error], [body.toString('hex'), undefined]);
  });

  onStage('a reply flows while it is still being written', async (stage) => {
    const { rig } = await stage.open({}, { body: 'data: 1\n\n', end: 'hang' });
    const reply = await within(rig.send({ stream: true }), 'The head of a reply');
    const first = new Promise<Buffer>((resolve, reject) => {
      reply.body.pipe({ data: resolve, end: () => reject(new Error('It ended.')), error: reject });
    });
    assert.equal(String(await within(first, 'The first piece of a reply')), 'data: 1\n\n');
    reply.body.cancel();
  });
}
