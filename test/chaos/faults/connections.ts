/** PostgreSQL takes no more connections, since others have them all. */
import { createConnection, type Socket } from 'node:net';
import { startPostgres, type PostgresServer } from '@gatewright/testkit/servers';
import type { Fault } from '../fault.ts';
import type { Servers } from '../site.ts';
import { outage } from './outage.ts';

/** The startup message of protocol 3.0 (https://www.postgresql.org/docs/current/protocol-message-formats.html). */
function startup(): Buffer {
  const text = Buffer.from('user\0postgres\0database\0postgres\0\0');
  const head = Buffer.alloc(8);
  head.writeInt32BE(8 + text.length, 0);
  head.writeInt32BE(196_608, 4);
  return Buffer.concat([head, text]);
}

/** A connection of somebody else; undefined where the server refuses it. */
function connection(port: number): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: '127.0.0.1' });
    socket.on('error', () => resolve(undefined));
    socket.once('data', (bytes) => resolve(bytes[0] === 'R'.charCodeAt(0) ? socket : undefined));
    socket.write(startup());
  });
}

function allTaken(): Fault {
  let postgres: PostgresServer | undefined;
  const taken = new Set<Socket>();
  const leave = (): void => {
    for (const socket of taken) socket.destroy();
    taken.clear();
  };
  return outage({
    name: 'PostgreSQL at its connection limit',
    times: 2,
    async prepare(servers: Servers) {
      const settings = { fsync: 'off', max_connections: '30', superuser_reserved_connections: '0' };
      const started = (postgres = await startPostgres(settings));
      const close = async (): Promise<void> => {
        leave();
        await started.stop();
      };
      return { servers: { ...servers, postgres: started }, close };
    },
    async begin(site) {
      site.toPostgres.cut();
      // The server takes a moment to see that the gateways are gone: whoever takes all must come back for the rest.
      for (let refused = 0; refused < 20;) {
        const socket = await connection(postgres?.port ?? 0);
        if (socket === undefined) {
          refused++;
          await new Promise((resolve) => setTimeout(resolve, 20));
        } else taken.add(socket);
      }
      site.toPostgres.restore();
    },
    end: leave,
    allowed: [200],
    serves: true,
  });
}

export const connectionLimit: Fault = allTaken();
