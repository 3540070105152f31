/** What runs in the process of one worker: a gateway that has its configuration and its shared services from the primary. */
import { enableCompileCache } from 'node:module';
import cluster from 'node:cluster';
import { Socket } from 'node:net';
import { watchCrashes } from './crash.ts';
import { watchLeftovers, type Ending } from './ending.ts';
import { IdleCollection } from './idle-collection.ts';
import { terminalLogger } from './logger.ts';
import { processTerminal } from './process-terminal.ts';
import { freeThreads, spareMemory } from './sparing.ts';
import type { Terminal } from './terminal.ts';
import { createGateway, type Gateway } from '../gateway.ts';
import type { Logger } from '../logger.ts';
import { Channel, type Parcel } from '../workers/channel.ts';
import { sentError } from '../workers/failure.ts';
import { FRAMES_FD } from '../workers/frame-pipe.ts';
import { WorkerLink } from '../workers/link.ts';
import { PeerAnswerers } from '../workers/peers.ts';
import type { FirstOrders, Orders, ServiceNotice } from '../workers/protocol.ts';

freeThreads();
enableCompileCache();
process.exitCode = await serve(processTerminal());

/** Resolves with the exit code when the gateway has ended. */
async function serve(terminal: Terminal): Promise<number> {
  const { cwd, env, clock, signals } = terminal;
  const { promise: ended, resolve: end } = Promise.withResolvers<Ending>();
  const { promise: closed, resolve: close } = Promise.withResolvers<number>();
  let gateway: Gateway | undefined;
  const channel = new Channel({
    send: (parcel) => void process.send?.(parcel),
    answer(name, args) {
      if (name === 'answer') return peers.answerOf(args[0] as string);
      if (name === 'reload') return reload(gateway, link, args[0] as Orders);
      end({ reason: 'the primary process', code: 0 });
      return closed;
    },
    notice: (_name, value) => link.hear(value as ServiceNotice),
  });
  process.on('message', (message: Parcel) => channel.receive(message));
  const link = new WorkerLink(channel, new Socket({ fd: FRAMES_FD, readable: true, writable: true }));
  const peers = new PeerAnswerers(link);
  listenToPrimary(terminal, channel, end);
  try {
    const { config, generation, at, slot } = await channel.call<FirstOrders>('orders');
    const logger = numbered(terminalLogger(terminal), slot);
    watchCrashes(
      signals,
      () => gateway?.kernel.logger ?? logger,
      () => end({ reason: 'an error', code: 1 }),
    );
    link.generation = generation;
    const reloading = {
      reload: () => channel.call<never>('reload'),
      preview: () => channel.call<never>('preview'),
    };
    gateway = await createGateway(config, { cwd, env, clock, logger, link, peers, reloading });
    await channel.call('ready', await gateway.listen(at));
  } catch (error) {
    await channel.call('failed', sentError(error)).catch(() => undefined);
    end({ reason: 'a failure', code: 1 });
  }
  const collection = new IdleCollection({ clock, active: () => gateway?.active ?? 0 });
  const spareNoMore = spareMemory();
  const { code } = await ended;
  spareNoMore();
  collection.stop();
  close((await gateway?.close()) ?? 0);
  await link.quiet();
  await said(channel);
  if (process.connected) process.disconnect();
  watchLeftovers(terminal);
  return code;
}

/** Resolves when the configuration serves; the end of the one before is not waited for. */
function reload(gateway: Gateway | undefined, link: WorkerLink, { config, generation }: Orders): Promise<void> {
  link.generation = generation;
  return new Promise((resolve, reject) => {
    gateway?.reload(config, resolve).catch(reject);
  });
}

/** Signals that a terminal sends to all its processes are the primary's to answer. */
function listenToPrimary({ signals }: Terminal, channel: Channel, end: (ending: Ending) => void): void {
  signals.listen('SIGINT', () => undefined);
  signals.listen('SIGHUP', () => undefined);
  signals.listen('SIGTERM', () => end({ reason: 'SIGTERM', code: 0 }));
  // Node would end this process at once where the primary is gone, in the middle of answers.
  if (cluster.worker !== undefined) cluster.worker.exitedAfterDisconnect = true;
  process.once('disconnect', () => {
    channel.close('The primary process is gone.');
    end({ reason: 'the end of the primary process', code: 1 });
  });
}

/** Resolves when all that was told has left the process. */
async function said(channel: Channel): Promise<void> {
  await new Promise<void>((resolve) => setImmediate(resolve));
  channel.flush();
  await new Promise<void>((resolve) => {
    if (process.connected) process.send?.({ gatewright: [] } satisfies Parcel, () => resolve());
    else resolve();
  });
}

function numbered(logger: Logger, worker: number): Logger {
  return {
    debug: (message, fields) => logger.debug(message, { worker, ...fields }),
    info: (message, fields) => logger.info(message, { worker, ...fields }),
    warn: (message, fields) => logger.warn(message, { worker, ...fields }),
    error: (message, fields) => logger.error(message, { worker, ...fields }),
  };
}
