/** What can go wrong: error replies, servers that are gone, slow or break off, and clients that leave. */
import assert from 'node:assert/strict';
import { assertKeepsToItself } from '../plugin/shown.ts';
import { outcomeOf, textOf } from './reply.ts';
import type { ProviderTrial } from './suite.ts';
import { within } from './within.ts';

export function breakTests(trial: ProviderTrial): void {
  errors(trial);
  connections(trial);
  timeouts(trial);
  leaving(trial);
}

/** What the promise rejects with. */
async function failureOf(promise: Promise<unknown>): Promise<{ code?: string; retryable?: boolean }> {
  try {
    await promise;
  } catch (error) {
    return error as { code?: string };
  }
  throw new assert.AssertionError({ message: 'It should have been rejected.' });
}

function errors({ onStage }: ProviderTrial): void {
  onStage('an error of the provider is a reply like any other, with its status and its text', async (stage) => {
    const { server, rig } = await stage.open();
    for (const status of [400, 401, 403, 404, 408, 413, 429, 500, 502, 503, 529]) {
      const body = `{"error":{"message":"no ${status}"}}`;
      server.answer({ status, headers: { 'retry-after': '7' }, body });
      const reply = await rig.send();
      assert.deepEqual([reply.status, reply.headers['retry-after'], await textOf(reply)], [status, '7', body]);
    }
  });
}

function connections({ credentials, onStage }: ProviderTrial): void {
  onStage(
    'a server that is not there is unreachable, which may be retried; the error shows no credential',
    async (stage) => {
      const { server, rig } = await stage.open();
      await server.close();
      const failure = await failureOf(rig.send());
      assert.deepEqual([failure.code, failure.retryable], ['GW_UPSTREAM_UNREACHABLE', true]);
      assertKeepsToItself(failure, credentials);
    },
  );

  onStage('a connection that breaks before the head is unreachable', async (stage) => {
    const { rig } = await stage.open({}, { body: [], end: 'reset' });
    assert.equal((await failureOf(rig.send())).code, 'GW_UPSTREAM_UNREACHABLE');
  });

  onStage('a connection that breaks in an answer is no end of it', async (stage) => {
    const { rig } = await stage.open({}, { body: ['data: 1\n\n'], end: 'reset' });
    const { error, bytes } = await within(outcomeOf(await rig.send({ stream: true })), 'The end of a broken answer');
    assert.deepEqual(
      [(error as { code?: string } | undefined)?.code, bytes.toString()],
      ['GW_UPSTREAM_CUT', 'data: 1\n\n'],
    );
  });
}

function timeouts({ onStage }: ProviderTrial): void {
  onStage('a server that does not begin to answer is given the time that the target says', async (stage) => {
    const { rig } = await stage.open({}, { end: 'never' });
    const failure = await within(failureOf(rig.send({ timeouts: { headers: 60 } })), 'The timeout of the head');
    assert.equal(failure.code, 'GW_UPSTREAM_TIMEOUT');
  });

  onStage('a server that falls silent in an answer is given the time that the target says', async (stage) => {
    const { rig } = await stage.open({}, { body: 'data: 1\n\n', end: 'hang' });
    const reply = await rig.send({ stream: true, timeouts: { idle: 60 } });
    const { error } = await within(outcomeOf(reply), 'The timeout of an answer');
    assert.equal((error as { code?: string } | undefined)?.code, 'GW_UPSTREAM_TIMEOUT');
  });
}

/** Longer than any test waits: it must not be a timeout that closes a connection. */
const PATIENT = { headers: 60_000, idle: 60_000 };

function leaving({ onStage }: ProviderTrial): void {
  onStage('an attempt that has ended before it began is not sent', async (stage) => {
    const { server, rig } = await stage.open();
    const failure = await failureOf(rig.send({ signal: AbortSignal.abort(new Error('The client left.')) }));
    assert.deepEqual([failure.code, server.received.length], ['GW_CLIENT_CLOSED', 0]);
  });

  onStage('an attempt that ends before the head closes the connection', async (stage) => {
    const { server, rig } = await stage.open({}, { end: 'never' });
    const leave = new AbortController();
    const [sent, arrived] = [failureOf(rig.send({ signal: leave.signal, timeouts: PATIENT })), server.next()];
    const { closed } = await within(arrived, 'The request');
    leave.abort(new Error('The client left.'));
    assert.equal((await within(sent, 'The end of the attempt')).code, 'GW_CLIENT_CLOSED');
    await within(closed, 'The end of the connection');
  });

  onStage('an attempt that ends in an answer closes the connection', async (stage) => {
    const { server, rig } = await stage.open({}, { body: 'data: 1\n\n', end: 'hang' });
    const leave = new AbortController();
    const reply = await within(
      rig.send({ stream: true, signal: leave.signal, timeouts: PATIENT }),
      'The head of an answer',
    );
    reply.body.pipe({
      data: () => leave.abort(new Error('The client left.')),
      end: () => undefined,
      error: () => undefined,
    });
    await within(Promise.all(server.received.map(({ closed }) => closed)), 'The end of the connection');
  });

  onStage('a reply that nobody wants any more closes the connection', async (stage) => {
    const { server, rig } = await stage.open({}, { body: 'data: 1\n\n', end: 'hang' });
    const reply = await within(rig.send({ stream: true, timeouts: PATIENT }), 'The head of an answer');
    reply.body.cancel();
    await within(Promise.all(server.received.map(({ closed }) => closed)), 'The end of the connection');
  });

  onStage('when it is disposed, no connection stays open', async (stage) => {
    const { server, rig } = await stage.open();
    await textOf(await rig.send());
    await rig.dispose();
    await within(Promise.all(server.received.map(({ closed }) => closed)), 'The end of the connection');
  });
}
