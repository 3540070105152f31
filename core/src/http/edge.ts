/** The HTTP edge: an ordinary Koa application that turns requests into exchanges. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import type { Router } from '@koa/router';
import Koa from 'koa';
import type { Context } from 'koa';
import { GatewayError, isGatewayError, toGatewayError } from '../errors.ts';
import { newId } from '../id.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { Surface } from '../dialect.ts';
import { errorHeaders, forClient } from '../pipeline/failure.ts';
import { Arrival } from './arrival.ts';
import { answerHealth, HEALTH_PATHS, isHealthPath, type HealthOptions } from './health.ts';
import { pickSurface, serve, type EdgeOptions } from './serve.ts';

// As an import it would load Node's HTTP by all its names: see node-http.ts.
const { Router: RouterClass } = createRequire(import.meta.url)('@koa/router') as { Router: typeof Router };

type RequestListener = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

const NO_PARAMS: Record<string, string> = Object.freeze({});

/** Builds the request listener of a kernel. */
export function createEdge(kernel: Kernel, options: EdgeOptions): RequestListener {
  const fixed = new FixedSurfaces(kernel.surfaces);
  const koa = createApplication(kernel, options, fixed);
  if (kernel.middleware.length > 0) return koa;
  // Where no plugin wants to see the HTTP side, a surface needs nothing of Koa: a tenth of the time of a small request.
  return (request, response) => {
    const arrival = new Arrival(request, response);
    const surfaces = fixed.find(request.method, arrival.path);
    if (surfaces === undefined || options.draining()) return koa(request, response);
    return serve(kernel, options, pickSurface(surfaces, arrival), arrival, NO_PARAMS);
  };
}

function createApplication(kernel: Kernel, options: EdgeOptions, fixed: FixedSurfaces): RequestListener {
  const app = new Koa();
  app.on('error', (error: Error & { code?: string }) => {
    if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE' && error.code !== 'ECONNRESET')
      kernel.logger.error(error.message, { error });
  });
  for (const middleware of kernel.middleware) app.use(middleware);
  const router = createRouter(kernel, options);
  const routes = router.routes();
  const { readiness } = kernel;
  const health: HealthOptions = { config: kernel.config.health, readiness, draining: options.draining };
  app.use((context, next) => {
    if (isHealthPath(health, context.method, context.path)) return answerHealth(health, context);
    if (options.draining()) return refuse(context, new GatewayError('GW_SHUTTING_DOWN', 'The gateway is stopping.'));
    const surfaces = fixed.find(context.method, context.path);
    if (surfaces !== undefined) return answer(kernel, options, surfaces, context, NO_PARAMS);
    return routes(context as never, next) as Promise<unknown>;
  });
  app.use((context) => refuse(context, nothingHere(kernel, router, context)));
  return app.callback();
}

function answer(
  kernel: Kernel,
  options: EdgeOptions,
  surfaces: readonly Surface[],
  context: Context,
  params: Record<string, string>,
): Promise<void> {
  // Replies are written directly: Koa's own way costs a stream per reply and does not stop the upstream.
  context.respond = false;
  const arrival = new Arrival(context.req, context.res);
  return serve(kernel, options, pickSurface(surfaces, arrival), arrival, params);
}

/** Surfaces without parameters are found by their path, before any router. */
class FixedSurfaces {
  readonly #byPath = new Map<string, Map<string, Surface[]>>();

  constructor(surfaces: readonly Surface[]) {
    for (const surface of surfaces) {
      if (surface.path.includes(':')) continue;
      const byMethod = this.#byPath.get(surface.path) ?? new Map<string, Surface[]>();
      byMethod.set(surface.method, [...(byMethod.get(surface.method) ?? []), surface]);
      this.#byPath.set(surface.path, byMethod);
    }
  }

  find(method: string | undefined, path: string): readonly Surface[] | undefined {
    return this.#byPath.get(path)?.get(method ?? '');
  }
}

function createRouter(kernel: Kernel, options: EdgeOptions): Router {
  const router = new RouterClass();
  const shared = new Map<string, Surface[]>();
  for (const surface of kernel.surfaces) {
    if (!surface.path.includes(':')) continue;
    const key = `${surface.method} ${surface.path}`;
    shared.set(key, [...(shared.get(key) ?? []), surface]);
  }
  for (const surfaces of shared.values()) {
    const [first] = surfaces as [Surface];
    const handler = (context: Context & { params: Record<string, string> }): Promise<void> =>
      answer(kernel, options, surfaces, context, context.params);
    router.register(first.path, [first.method], handler as never);
  }
  for (const { method, path, handler } of kernel.routes) router.register(path, [method], answered(handler) as never);
  return router;
}

/** A plugin's route, with the gateway's own errors told as such; what else is thrown is Koa's to answer. */
function answered(handler: (context: Context) => unknown): (context: Context) => Promise<void> {
  return async (context) => {
    try {
      await handler(context);
    } catch (error) {
      if (!isGatewayError(error)) throw error;
      refuse(context, error);
    }
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
  if (kernel.config.health.serve && HEALTH_PATHS.includes(context.path)) methods.add('GET');
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
