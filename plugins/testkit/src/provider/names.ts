/** Names of models: they may lead to no other path, and to no other header. */
import assert from 'node:assert/strict';
import { attemptAt, spokenBy } from './spoken.ts';
import { textOf } from './reply.ts';
import type { ProviderTrial } from './suite.ts';

const NAMES = [
  '..',
  '.',
  '',
  '../../admin',
  'a/../../b',
  'a/b',
  '%2e%2e',
  '..%2f..',
  'a?b=c',
  'a#b',
  'a b',
  '\\..\\b',
  'a\r\nx-smuggled: yes',
];

/** What a provider may say of a name that no model can have. */
const REFUSED = new Set(['GW_BAD_REQUEST', 'GW_UNKNOWN_MODEL']);

export function nameTests({ models, onStage }: ProviderTrial): void {
  onStage(
    'whatever a model is called, it is refused before anything is sent, or stays one step of the same path',
    async (stage) => {
      const { server, rig } = await stage.open();
      for (const spoken of spokenBy(rig.options, models)) {
        await textOf(await rig.send(attemptAt(spoken)));
        const [good] = server.received.splice(0);
        for (const name of NAMES.filter((one) => spoken.serves(one))) {
          const what = `${spoken.operation} in ${spoken.dialect} of the model ${JSON.stringify(name)}`;
          const failure = await rig
            .send(attemptAt(spoken, { model: name }))
            .then(textOf)
            .then(
              () => undefined,
              (error: unknown) => error as { code?: string },
            );
          const [request] = server.received.splice(0);
          if (failure !== undefined) {
            assert.ok(REFUSED.has(failure.code ?? ''), `${what} failed with ${failure.code}.`);
            assert.equal(request, undefined, `${what} was sent all the same.`);
          } else
            assert.deepEqual(formOf(request?.url ?? ''), formOf(good?.url ?? ''), `${what} went to ${request?.url}.`);
          assert.ok(!('x-smuggled' in (request?.headers ?? {})), what);
        }
      }
    },
  );
}

/** What a name in a path may not change: how many steps there are, that none of them leads back, and what is asked behind it. */
function formOf(url: string): unknown {
  const { pathname, search } = new URL(url, 'http://upstream');
  const [path = ''] = url.split('?');
  return { steps: path.split('/').length, straight: pathname === path, search };
}
