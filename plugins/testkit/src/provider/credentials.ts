/** Credentials: the provider's goes out, the client's does not, and neither comes back. */
import assert from 'node:assert/strict';
import type { IncomingHttpHeaders } from 'node:http';
import { placesOf, withValue } from '../plugin/field.ts';
import { assertKeepsToItself } from '../plugin/shown.ts';
import { textOf } from './reply.ts';
import { attemptAt, spokenBy } from './spoken.ts';
import type { ProviderTrial } from './suite.ts';

const CLIENT = 'client-0f3b7c55d1a94e21';

export function credentialTests(trial: ProviderTrial): void {
  sending(trial);
  splitting(trial);
  repeating(trial);
}

/** The headers that have to do with credentials: those that hold one, and the one that is made for it. */
function credentialHeaders(headers: IncomingHttpHeaders, credentials: readonly string[]): string[] {
  const holding = Object.entries(headers).filter(([, value]) => credentials.some((one) => String(value).includes(one)));
  return [...new Set(['authorization', ...holding.map(([name]) => name)])];
}

function sending({ credentials, models, onStage }: ProviderTrial): void {
  onStage("no credential of the client goes on, nor takes the place of the provider's", async (stage) => {
    const { server, rig } = await stage.open();
    for (const spoken of spokenBy(rig.options, models)) {
      await textOf(await rig.send(attemptAt(spoken)));
      const [alone] = server.received.splice(0);
      const names = credentialHeaders(alone?.headers ?? {}, credentials);
      const headers = Object.fromEntries(names.map((name) => [name, `Bearer ${CLIENT}`]));
      await textOf(await rig.send(attemptAt(spoken, { headers })));
      const [beside] = server.received.splice(0);
      for (const name of names) assert.doesNotMatch(String(beside?.headers[name]), /client-0f3b7c/, name);
      assert.deepEqual(
        names.filter((name) => name in (beside?.headers ?? {})).toSorted(),
        names.filter((name) => name in (alone?.headers ?? {})).toSorted(),
      );
    }
  });

  onStage('every request has a credential, where there are any', async (stage) => {
    const { server, rig } = await stage.open();
    for (const spoken of spokenBy(rig.options, models)) await textOf(await rig.send(attemptAt(spoken)));
    for (const { url, headers } of server.received) {
      const sent = url + JSON.stringify(headers);
      assert.ok(credentials.length === 0 || credentials.some((one) => sent.includes(one)), `${url} has no credential.`);
    }
  });
}

function splitting({ options, credentials, onStage }: ProviderTrial): void {
  onStage(
    'a line break in a credential adds no header: it is refused, and the error does not show it',
    async (stage) => {
      for (const credential of credentials) {
        for (const path of placesOf(credential, options(''))) {
          const evil = `${credential}\r\nx-smuggled: yes`;
          const server = await stage.upstream();
          const opened = stage.open(() => withValue(options(server.origin), path, evil));
          const failure = await opened
            .then(async ({ rig }) => textOf(await rig.send()))
            .then(
              () => undefined,
              (error: unknown) => error,
            );
          if (failure !== undefined) assertKeepsToItself(failure, [credential]);
          for (const { headers } of server.received)
            assert.ok(!('x-smuggled' in headers), `"${path.join('.')}" splits.`);
        }
      }
    },
  );
}

function repeating({ credentials, onStage }: ProviderTrial): void {
  onStage('an error that repeats the credentials is handed on without them', async (stage) => {
    const body = JSON.stringify({ error: { message: `Bad key ${credentials.join(' and ')}.`, code: 'bad_key' } });
    const { rig } = await stage.open({}, { status: 401, body });
    const reply = await rig.send();
    const text = await textOf(reply);
    assert.equal(reply.status, 401);
    assert.match(text, /bad_key/);
    for (const credential of credentials) assert.ok(!text.includes(credential), 'The reply repeats a credential.');
  });
}
