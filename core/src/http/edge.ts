/** The HTTP edge: an ordinary Koa application that turns requests into exchanges. */
import { Router } from '@koa/router';
import Koa from 'koa';
import type { Context } from 'koa';
import { GatewayError, toGatewayError } from '../errors.ts';
import { newId } from '../id.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { Surface } from '../dialect.ts';
import type { Trace } from '../trace.ts';
import { errorHeaders, forClient } from '../pipeline/failure.ts';
import { LiveExchange, type ExchangeHead } from '../pipeline/live-exchange.ts';
import { run } from '../pipeline/run.ts';
import { spawnExchange } from '../pipeline/spawn.ts';
import { readBody } from './body.ts';
import { readCredential } from './credential.ts';
import { ResponseOutlet } from './response-outlet.ts';

type RequestListener = ReturnType<Koa['callback']>;

/** What an edge shares with its gateway. */
export interface EdgeOptions {
  /** The exchanges under way, so that a shutdown can end them. */
  readonly live: Set<LiveExchange>;
  /** Whether the gateway takes no new requests. */
  readonly draining: () => boolean;
  /** Set for a dry run: what the taps did is noted here. */
  readonly trace?: Trace;
}

/** Builds the request listener of a kernel. */
export function createEdge(kernel: Kernel, options: EdgeOptions): RequestListener {
  const app = new Koa();
  app.on('error', (error: Error & { code?: string }) => {
    if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE' && error.code !== 'ECONNRESET')
      kernel.logger.error(error.message, { error });
  });
  for (const middleware of kernel.middleware) app.use(middleware);
  const fixed = fixedSurfaces(kernel.surfaces);
  const router = createRouter(kernel, options);
  const routes = router.routes();
  app.use((context, next) => {
    if (options.draining()) return refuse(context, new GatewayError('GW_SHUTTING_DOWN', 'The gateway is stopping.'));
    const surfaces = fixed.get(`${context.method} ${context.path}`);
    if (surfaces !== undefined) return serve(kernel, options, pick(surfaces, context), context, {});
    return routes(context as never, next) as Promise<unknown>;
  });
  app.use((context) => refuse(context, nothingHere(kernel, router, context)));
  return app.callback();
}

/** Surfaces without parameters are found by one look-up, before any router. */
function fixedSurfaces(surfaces: readonly Surface[]): Map<string, Surface[]> {
  const fixed = new Map<string, Surface[]>();
  for (const surface of surfaces) {
    if (surface.path.includes(':')) continue;
    const key = `${surface.method} ${surface.path}`;
    fixed.set(key, [...(fixed.get(key) ?? []), surface]);
  }
  return fixed;
}

function createRouter(kernel: Kernel, options: EdgeOptions): Router {
  const router = new Router();
  const shared = new Map<string, Surface[]>();
  for (const surface of kernel.surfaces) {
    if (!surface.path.includes(':')) continue;
    const key = `${surface.method} ${surface.path}`;
    shared.set(key, [...(shared.get(key) ?? []), surface]);
  }
  for (const surfaces of shared.values()) {
    const [first] = surfaces as [Surface];
    const handler = (context: Context & { params: Record<string, string> }): Promise<void> =>
      serve(kernel, options, pick(surfaces, context), context, context.params);
    router.register(first.path, [first.method], handler as never);
  }
  router.get('/health', (context) => {
    context.body = { status: 'ok' };
  });
  for (const { method, path, handler } of kernel.routes) router.register(path, [method], handler as never);
  return router;
}

/** Of the surfaces that share a path, the first that wants this request; one without a test takes any. */
function pick(surfaces: readonly Surface[], context: Context): Surface {
  if (surfaces.length === 1) return surfaces[0] as Surface;
  const wanting = surfaces.find((surface) => surface.when?.(context.headers, context.URL.searchParams) === true);
  return wanting ?? surfaces.find((surface) => surface.when === undefined) ?? (surfaces[0] as Surface);
}

async function serve(
  kernel: Kernel,
  options: EdgeOptions,
  surface: Surface,
  context: Context,
  params: Record<string, string>,
): Promise<void> {
  const { req: request, res: response } = context;
  const exchange = new LiveExchange(kernel, exchangeHead(kernel, surface, context, options.trace));
  // Replies are written directly: Koa's own way costs a stream per reply and does not stop the upstream.
  context.respond = false;
  options.live.add(exchange);
  response.once('close', () => {
    if (!response.writableFinished) exchange.abort.abort(clientGone());
  });
  const hasBody = surface.method === 'POST';
  if (surface.head !== undefined) {
    const head = surface.head(params, context.URL.searchParams);
    exchange.model = head.model;
    exchange.stream = head.stream;
  }
  if (!hasBody) exchange.replaceRequest(surface.request?.(params, context.URL.searchParams) ?? {});
  const outlet = new ResponseOutlet(response);
  await run(exchange, outlet, hasBody ? () => readBody(request, kernel.config.limits, kernel.clock) : undefined);
  options.live.delete(exchange);
}

function clientGone(): GatewayError {
  return new GatewayError('GW_CLIENT_CLOSED', 'The client left before the answer was complete.');
}

function exchangeHead(kernel: Kernel, surface: Surface, context: Context, trace: Trace | undefined): ExchangeHead {
  const dialect = kernel.dialects.get(surface.dialect);
  if (dialect === undefined) throw new GatewayError('GW_INTERNAL', `The dialect "${surface.dialect}" is gone.`);
  const { req: request } = context;
  return {
    id: newId(),
    operation: dialect.operation,
    surface,
    dialect,
    headers: request.headers,
    method: surface.method,
    path: context.path,
    remoteAddress: request.socket?.remoteAddress,
    credential: readCredential(request.headers, surface),
    spawner: spawnExchange,
    ...(trace === undefined ? {} : { trace }),
  };
}

/** An answer for which there is no dialect: the path is nobody's. */
function refuse(context: Context, failure: GatewayError): void {
  const error = forClient(toGatewayError(failure), '');
  for (const [name, value] of Object.entries(errorHeaders(error, newId()))) context.set(name, value);
  context.status = error.status;
  const { message, code, details } = error;
  context.body = { error: { message, type: 'invalid_request_error', param: details.param ?? null, code } };
}

function nothingHere(kernel: Kernel, router: Router, context: Context): GatewayError {
  const methods = new Set<string>();
  for (const surface of kernel.surfaces) if (surface.path === context.path) methods.add(surface.method);
  for (const layer of router.match(context.path, context.method).path)
    for (const method of layer.methods) methods.add(method);
  methods.delete('HEAD');
  const asked = `${context.method} ${context.path}`;
  if (methods.size > 0) {
    context.set('allow', [...methods].join(', '));
    return new GatewayError('GW_METHOD_NOT_ALLOWED', `${asked} is not served; use ${[...methods].join(' or ')}.`);
  }
  return new GatewayError('GW_NOT_FOUND', `${asked} is not served here.`, {
    help: 'Check the base URL: SDKs of some dialects want it with /v1 at the end, others without.',
  });
}
