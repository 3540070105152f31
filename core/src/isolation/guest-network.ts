/** Holds the thread of an isolated plugin to the hosts that it declares: in it, every connection is that plugin's. */
import { Socket } from 'node:net';
import { GatewayError } from '../errors.ts';
import { matchesPattern } from '../identity.ts';

type Connect = (this: Socket, ...args: readonly unknown[]) => Socket;

/**
 * From now on, connections of this thread to hosts that match none of the patterns fail with `GW_PLUGIN_CONTRACT`. `told`
 * hears of each such host once. This keeps a plugin to its word, and does not confine one that means harm.
 */
export function holdToHosts(patterns: readonly string[], id: string, told: (message: string) => void): void {
  const prototype = Socket.prototype as unknown as { connect: Connect };
  const { connect } = prototype;
  const refused = new Set<string>();
  const known = patterns.map((pattern) => pattern.toLowerCase());
  prototype.connect = function (...args) {
    const host = hostOf(args);
    if (host === undefined || known.some((pattern) => matchesPattern(pattern, host)))
      return connect.call(this, ...args);
    const message = `Plugin "${id}" was kept from calling ${host}: \`supports.network\` does not name it, and no option does.`;
    if (!refused.has(host)) told(message);
    refused.add(host);
    const help = 'Take another version of it, or tell its author.';
    // As where nobody answers: the socket fails in a later turn.
    process.nextTick(() => this.destroy(new GatewayError('GW_PLUGIN_CONTRACT', message, { plugin: id, help })));
    return this;
  };
}

/** The hosts that a plugin's options lead to: of every address among them, and of every text that could be a name. */
export function hostsIn(options: unknown): string[] {
  if (typeof options === 'string') return namesIn(options);
  if (typeof options !== 'object' || options === null) return [];
  return Object.values(options).flatMap(hostsIn);
}

/** `https://api.acme.com/v1`, `api.acme.com:443`, `api.acme.com`. */
function namesIn(text: string): string[] {
  if (text.length > 2000 || text.includes('*')) return [];
  return [text, `tcp://${text}`].flatMap((url) => {
    const { hostname = '' } = URL.parse(url) ?? {};
    return hostname === '' ? [] : [hostname.replace(/^\[|\]$/g, '').toLowerCase()];
  });
}

/** Where a socket is to be connected to (https://nodejs.org/api/net.html#socketconnect); undefined where that is no host. */
function hostOf(args: readonly unknown[]): string | undefined {
  // Node hands arguments on to itself in a list.
  const [first, second] = (Array.isArray(args[0]) ? args[0] : args) as readonly unknown[];
  if (typeof first === 'object' && first !== null) {
    const { path, host } = first as { readonly path?: unknown; readonly host?: unknown };
    if (typeof path === 'string' && path !== '' && host === undefined) return undefined;
    return typeof host === 'string' ? host.toLowerCase() : 'localhost';
  }
  if (typeof first === 'string' && !/^\d+$/.test(first)) return undefined;
  return typeof second === 'string' ? second.toLowerCase() : 'localhost';
}
