/** Where a gateway listens, as people write it, and what goes wrong with listening there. */
import { isIP } from 'node:net';
import { CommandFailure } from './failure.ts';

/** Whether only this machine can connect. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}

/** The address to type into a client on this machine. */
export function urlOf(host: string, port: number): string {
  const reachable = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  return `http://${isIP(reachable) === 6 ? `[${reachable}]` : reachable}:${port}`;
}

/** A path as people read it: without the backslashes that keep a router from taking a colon for a parameter. */
export function plainPath(path: string): string {
  return path.replaceAll('\\', '');
}

/** The system's error of listening, in words. */
export function listenFailure(error: unknown, host: string, port: number): unknown {
  const where = `${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
  switch ((error as NodeJS.ErrnoException).code) {
    case 'EADDRINUSE':
      return new CommandFailure(
        `Cannot listen on ${where}: the port is in use.`,
        `stop the program that uses it, or take another port: --port ${port < 65_535 ? port + 1 : 4000}`,
      );
    case 'EACCES':
      return new CommandFailure(
        `Cannot listen on ${where}: no permission.`,
        port < 1024
          ? 'ports below 1024 are reserved; take a higher one: --port 4000'
          : 'take another port: --port 4000',
      );
    case 'EADDRNOTAVAIL':
      return new CommandFailure(
        `Cannot listen on ${where}: this machine has no such address.`,
        'use 127.0.0.1 for this machine only, or 0.0.0.0 for every address that it has',
      );
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new CommandFailure(`Cannot listen on ${where}: the name "${host}" is not known.`, 'use an IP address');
    default:
      return error;
  }
}
