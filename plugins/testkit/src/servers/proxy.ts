/** A proxy between a client and a server that a test can cut, silence and slow down. */
import { createServer, createConnection, type Socket } from 'node:net';

export interface FaultProxy {
  readonly port: number;
  /** Breaks all connections, and takes no new ones until `restore`. */
  cut(): void;
  /** Takes connections and passes nothing on until `restore`. */
  silence(): void;
  /** Holds every chunk back for so many milliseconds, in both directions. */
  slow(delay: number): void;
  /** Breaks all connections, and leads to another port from now on. */
  lead(target: number): void;
  restore(): void;
  stop(): Promise<void>;
}

/** Starts a proxy in front of a port of the loopback address. */
export async function startProxy(target: number): Promise<FaultProxy> {
  let port = target;
  const sockets = new Set<Socket>();
  const pipes = new Set<{ flush(): void }>();
  let mode: 'open' | 'cut' | 'silent' = 'open';
  let delay = 0;
  const pipe = (from: Socket, to: Socket): void => {
    // What is held back keeps its order, also when what comes behind it is not held back any more.
    const waiting: Buffer[] = [];
    const pass = (chunk: Buffer | undefined): void => {
      if (chunk !== undefined && !to.destroyed) to.write(chunk);
    };
    const own = { flush: (): void => waiting.splice(0).forEach(pass) };
    sockets.add(from);
    pipes.add(own);
    from.on('data', (chunk: Buffer) => {
      if (mode !== 'silent' && delay === 0 && waiting.length === 0) return pass(chunk);
      waiting.push(chunk);
      if (mode !== 'silent') setTimeout(() => mode !== 'silent' && pass(waiting.shift()), delay);
    });
    from.on('error', () => from.destroy());
    from.on('close', () => {
      sockets.delete(from);
      pipes.delete(own);
      to.destroy();
    });
  };
  const server = createServer((client) => {
    if (mode === 'cut') {
      client.destroy();
      return;
    }
    const upstream = createConnection({ port, host: '127.0.0.1' });
    pipe(client, upstream);
    pipe(upstream, client);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The loopback address gave no port.');
  const breakAll = (): void => sockets.forEach((socket) => socket.destroy());
  return {
    port: address.port,
    cut() {
      mode = 'cut';
      breakAll();
    },
    silence() {
      mode = 'silent';
    },
    slow(by) {
      delay = by;
    },
    lead(to) {
      port = to;
      breakAll();
    },
    restore() {
      mode = 'open';
      delay = 0;
      for (const one of pipes) one.flush();
    },
    async stop() {
      breakAll();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
