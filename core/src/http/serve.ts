/** Turns one request at a surface into an exchange, and runs it. */
import type { Surface } from '../dialect.ts';
import { GatewayError } from '../errors.ts';
import type { Awaitable } from '../hooks/points.ts';
import { newId } from '../id.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { LiveExchange, type ExchangeHead } from '../pipeline/live-exchange.ts';
import { run } from '../pipeline/run.ts';
import { spawnExchange } from '../pipeline/spawn.ts';
import type { UnderWay } from '../pipeline/under-way.ts';
import type { Trace } from '../trace.ts';
import type { Arrival } from './arrival.ts';
import { readBody } from './body.ts';
import { isForm, readForm } from './form.ts';
import { readCredential } from './credential.ts';
import { ResponseOutlet } from './response-outlet.ts';

/** What an edge shares with its gateway. */
export interface EdgeOptions {
  /** The exchanges under way, so that a shutdown can end them. */
  readonly live: UnderWay;
  /** Whether the gateway takes no new requests. */
  readonly draining: () => boolean;
  /** Set for a dry run: what the taps did is noted here. */
  readonly trace?: Trace;
}

/** Of the surfaces that share a path, the first that wants this request; one without a test takes any. */
export function pickSurface(surfaces: readonly Surface[], arrival: Arrival): Surface {
  if (surfaces.length === 1) return surfaces[0] as Surface;
  const { request, query } = arrival;
  const wanting = surfaces.find((surface) => surface.when?.(request.headers, query) === true);
  return wanting ?? surfaces.find((surface) => surface.when === undefined) ?? (surfaces[0] as Surface);
}

/** Runs a request that came in at a surface, to its end. Never rejects. */
export function serve(
  kernel: Kernel,
  options: EdgeOptions,
  surface: Surface,
  arrival: Arrival,
  params: Record<string, string>,
): Promise<void> {
  const { response } = arrival;
  const exchange = new LiveExchange(kernel, exchangeHead(kernel, surface, arrival, options.trace));
  options.live.add(exchange);
  response.on('close', () => {
    if (!response.writableFinished) exchange.abort.abort(clientGone());
  });
  const read = (): Awaitable<Buffer | undefined> => readRequest(exchange, surface, arrival, params);
  return run(exchange, new ResponseOutlet(arrival), read, () => options.live.delete(exchange));
}

/** Reads what the path says, and the body where the surface has one. */
function readRequest(
  exchange: LiveExchange,
  surface: Surface,
  arrival: Arrival,
  params: Record<string, string>,
): Awaitable<Buffer | undefined> {
  if (surface.head !== undefined) {
    const head = surface.head(params, arrival.query);
    exchange.model = head.model;
    exchange.stream = head.stream;
  }
  const { kernel, dialect } = exchange;
  if (surface.method === 'POST' && surface.request === undefined) {
    const form = dialect?.form;
    const isJson = form === undefined || (form === 'also' && !isForm(arrival.request));
    return isJson ? readBody(arrival, kernel.config.limits, kernel.clock) : readFields(exchange, arrival);
  }
  exchange.replaceRequest(surface.request?.(params, arrival.query) ?? {});
  return undefined;
}

async function readFields(exchange: LiveExchange, arrival: Arrival): Promise<Buffer> {
  exchange.upload = await readForm(arrival.request, exchange);
  arrival.isRead = true;
  return exchange.upload.fields;
}

function clientGone(): GatewayError {
  return new GatewayError('GW_CLIENT_CLOSED', 'The client left before the answer was complete.');
}

function exchangeHead(kernel: Kernel, surface: Surface, arrival: Arrival, trace: Trace | undefined): ExchangeHead {
  const dialect = kernel.dialects.get(surface.dialect);
  if (dialect === undefined) throw new GatewayError('GW_INTERNAL', `The dialect "${surface.dialect}" is gone.`);
  const { request, path } = arrival;
  return {
    id: newId(kernel.clock.now()),
    operation: dialect.operation,
    surface,
    dialect,
    headers: request.headers,
    method: surface.method,
    path,
    remoteAddress: request.socket?.remoteAddress,
    credential: readCredential(request.headers, surface),
    spawner: spawnExchange,
    trace,
  };
}
