/** A listener of its own for the management routes; it outlives reloads, and serves the routes of the newest one. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GatewayError } from '@gatewright/core';
import type { Answer, Door } from './door.ts';
import { toldOf } from './failure.ts';
import type { AdminRoute } from './route.ts';

/** How long a whole request may take to arrive, in milliseconds. */
const REQUEST_TIMEOUT = 30_000;

interface Matcher {
  readonly route: AdminRoute;
  readonly path: RegExp;
}

export class AdminListener {
  readonly #server: Server;
  #matchers: readonly Matcher[] = [];
  #door: Door | undefined;

  constructor() {
    this.#server = createServer({ requestTimeout: REQUEST_TIMEOUT }, (request, response) => {
      void this.#serve(request, response);
    });
  }

  /** From now on these routes are served. */
  take(routes: readonly AdminRoute[], door: Door): void {
    this.#matchers = routes.map((route) => ({ route, path: patternOf(route.path) }));
    this.#door = door;
  }

  /** Rejects where it cannot listen there. */
  async listen(host: string, port: number): Promise<AddressInfo> {
    if (!this.#server.listening) {
      await new Promise<void>((resolve, reject) => {
        this.#server.once('error', reject);
        this.#server.listen(port, host, resolve);
      });
    }
    return this.#server.address() as AddressInfo;
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeIdleConnections();
    });
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { status, headers, body } = await this.#answer(request);
    const text = Buffer.from(JSON.stringify(body));
    response.writeHead(status, { ...headers, 'content-length': text.length });
    response.end(text);
  }

  async #answer(request: IncomingMessage): Promise<Answer> {
    const path = (request.url ?? '').replace(/\?.*$/s, '');
    const there = this.#matchers.filter((one) => one.path.test(path));
    const found = there.find(({ route }) => route.method === request.method);
    if (found === undefined || this.#door === undefined) return nothingHere(there.length > 0);
    const params = decoded(found.path.exec(path)?.groups);
    if (params === undefined) return nothingHere(false);
    return this.#door.answer(found.route, request, params);
  }
}

/** `/key/:key/regenerate` as an expression with named groups. */
function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/:(\w+)/g, '(?<$1>[^/]+)')}/?$`);
}

function decoded(groups: Readonly<Record<string, string>> = {}): Record<string, string> | undefined {
  try {
    return Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, decodeURIComponent(value)]));
  } catch {
    return undefined;
  }
}

function nothingHere(otherMethod: boolean): Answer {
  const error = otherMethod
    ? new GatewayError('GW_METHOD_NOT_ALLOWED', 'This path is there, but not for this method.')
    : new GatewayError('GW_NOT_FOUND', 'Nothing is served at this path. GET /openapi.json lists what is.');
  const { status, body } = toldOf(error, '');
  return { status, headers: { 'content-type': 'application/json; charset=utf-8' }, body };
}
