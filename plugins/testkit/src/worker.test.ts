/** Tests of the two sides of a service: what goes between them is copied, and nothing else goes. */
import type { RemoteService } from '@gatewright/core';
import { expect, test } from 'vitest';
import { inWorker } from './worker.ts';

interface Cupboard {
  put(thing: object): Promise<unknown>;
  onPut(listener: (thing: object) => void): () => void;
}

class Home implements Cupboard {
  readonly things: object[] = [];
  readonly listeners = new Set<(thing: object) => void>();

  async put(thing: object): Promise<unknown> {
    this.things.push(thing);
    for (const listener of this.listeners) listener(thing);
    return this.things.length;
  }

  onPut(listener: (thing: object) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}

const remote: RemoteService<Cupboard> = {
  serve(cupboard, tell) {
    const close = cupboard.onPut((thing) => tell('put', thing));
    return { call: (_method, [thing]) => cupboard.put(thing as object), close };
  },
  connect: (link) => ({ put: (thing) => link.call('put', thing), onPut: (listener) => link.on('put', listener) }),
};

test('values are copied both ways, and what is told comes until it is closed', async () => {
  const home = new Home();
  const { service, served } = inWorker(remote, home);
  const told: object[] = [];
  service.onPut((thing) => told.push(thing));
  const cup = { count: 1n };
  expect(await service.put(cup)).toBe(1);
  expect(home.things).toEqual([cup]);
  expect(home.things[0]).not.toBe(cup);
  expect(told).toEqual([cup]);
  served.close();
  await home.put({});
  expect(told.length).toBe(1);
});

test('a function cannot go to the other process, and that is said', async () => {
  const { service } = inWorker(remote, new Home());
  await expect(service.put({ seen: () => undefined })).rejects.toThrow('could not be cloned');
});
