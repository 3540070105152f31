/** The HTTP client towards one provider, on undici: no promise and no stream per chunk. */
import type { Pool as PoolClass } from 'undici';
import type { Attempt } from '../attempt.ts';
import type { WireReply } from '../reply.ts';
import { connector } from './connector.ts';
import type { CredentialMask } from './credential-mask.ts';
import { loadPool, type Pool } from './pool.ts';
import { ReplyHandler } from './reply-handler.ts';

export interface UpstreamOptions {
  /** Where the provider is; a path in it is put before the path of every request. */
  readonly baseUrl: string;
  /** The most connections at once; default 1,024. */
  readonly connections?: number;
}

export interface UpstreamRequest {
  /** Default POST. */
  readonly method?: 'GET' | 'POST';
  /** Where the attempt asks for something that is kept: the path of its kind. */
  readonly path: string;
  /** Names in lower case. `content-type` is set to JSON where the attempt has a body. */
  readonly headers: Readonly<Record<string, string>>;
  /** What error replies must not repeat. */
  readonly mask?: CredentialMask;
}

/** One provider's connections. Make one in `setup`, close it in `onDispose`. */
export class Upstream {
  readonly #options: PoolClass.Options;
  readonly #Pool = loadPool();
  readonly #origin: string;
  readonly #prefix: string;
  /** One pool per connect timeout: targets may differ in it. */
  readonly #pools = new Map<number, Pool>();

  /** Throws TypeError when `baseUrl` is not a URL. */
  constructor(options: UpstreamOptions) {
    const url = new URL(options.baseUrl);
    this.#origin = url.origin;
    this.#prefix = url.pathname === '/' ? '' : url.pathname.replace(/\/$/, '');
    this.#options = { connections: options.connections ?? 1024, allowH2: false, pipelining: 1 };
  }

  /**
   * Sends an attempt's body and resolves when the head of the reply is there, whatever its status.
   * Rejects with `GW_UPSTREAM_UNREACHABLE` or `GW_UPSTREAM_TIMEOUT`; stops when the attempt's signal aborts.
   */
  send(attempt: Attempt, request: UpstreamRequest): Promise<WireReply> {
    const { timeouts: own } = attempt.target;
    const { timeouts = own } = attempt;
    return new Promise((resolve, reject) => {
      const handler = new ReplyHandler(attempt, timeouts, request.mask, resolve, reject);
      const { form, kept, pieces } = attempt;
      const body = form?.open() ?? pieces ?? attempt.body ?? null;
      if (timeouts.connect < own.connect) handler.limitConnect(timeouts.connect);
      // A caller's own limit must make no pool of its own.
      this.#pool(own.connect).dispatch(
        {
          path: this.#prefix + (kept === undefined ? request.path : behind(request.path, kept.path)),
          method: kept?.method ?? request.method ?? 'POST',
          headers: headersOf(attempt, request.headers, body !== null),
          // Any iterable of buffers is sent, which undici's types do not say.
          body: body as Buffer | null,
          // The handler looks for itself.
          headersTimeout: 0,
          bodyTimeout: 0,
        },
        handler,
      );
    });
  }

  /** Closes all connections; calls still under way are broken off. */
  async close(): Promise<void> {
    await Promise.all([...this.#pools.values()].map((pool) => pool.destroy()));
  }

  #pool(connectTimeout: number): Pool {
    let pool = this.#pools.get(connectTimeout);
    if (pool === undefined) {
      pool = new this.#Pool(this.#origin, { ...this.#options, connect: connector(connectTimeout) });
      this.#pools.set(connectTimeout, pool);
    }
    return pool;
  }
}

/** Names and values in turn, as undici takes them without a copy: what the body needs, and what the provider says. */
function headersOf({ form, pieces }: Attempt, given: UpstreamRequest['headers'], hasBody: boolean): string[] {
  const length = form?.length ?? pieces?.reduce((sum, piece) => sum + piece.length, 0);
  const type = form?.contentType ?? given['content-type'] ?? (hasBody ? 'application/json' : undefined);
  const headers = ['accept-encoding', 'identity'];
  if (type !== undefined) headers.push('content-type', type);
  if (length !== undefined) headers.push('content-length', String(length));
  for (const name in given) {
    const isSet = name === 'accept-encoding' || name === 'content-type';
    if (isSet || (length !== undefined && name === 'content-length')) continue;
    headers.push(name, given[name] as string);
  }
  return headers;
}

/** A path put behind another; both may have a query. */
function behind(path: string, more: string): string {
  const [front = '', fixed = ''] = path.split('?', 2);
  const [back = '', asked = ''] = more.split('?', 2);
  const query = [fixed, asked].filter((one) => one !== '').join('&');
  return front + back + (query === '' ? '' : `?${query}`);
}
