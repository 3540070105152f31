/** The network: a provider calls the hosts that it declares, and those that its options name. */
import assert from 'node:assert/strict';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { mayCall } from '../plugin/declared.ts';
import { textOf } from './reply.ts';
import { attemptAt, spokenBy } from './spoken.ts';
import type { ProviderTrial } from './suite.ts';

/** Node tells of every connection that is begun (https://nodejs.org/api/diagnostics_channel.html#net). */
const CHANNEL = 'net.client.socket';

/** The address that all servers of the suite have. */
const OURS = '127.0.0.1';

export function networkTests({ plugin, models, onStage }: ProviderTrial): void {
  onStage('it calls no host but those of its options, and those that `supports.network` names', async (stage) => {
    const { rig } = await stage.open();
    const hosts = new Set<string>();
    const note = (message: unknown): void => {
      const { socket } = message as { readonly socket: Socket };
      socket.once('lookup', (_error: Error | null, _address: string, _family: number, host: string) => hosts.add(host));
      socket.once('connectionAttempt', (address: string) => hosts.add(address));
    };
    subscribe(CHANNEL, note);
    try {
      for (const spoken of spokenBy(rig.options, models)) await textOf(await rig.send(attemptAt(spoken)));
    } finally {
      unsubscribe(CHANNEL, note);
    }
    const network = plugin.supports?.network;
    if (network === undefined) return;
    const others = [...hosts].filter((host) => host !== OURS && !mayCall(network, host));
    assert.deepEqual(others, [], 'It calls hosts that `supports.network` does not name.');
  });
}
