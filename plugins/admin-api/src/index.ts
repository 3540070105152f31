/** The plugin: the management surface. */
import type { KeyService } from '@gatewright/auth-keys';
import { definePlugin, type HttpPoints } from '@gatewright/core';
import { Desk } from './desk.ts';
import { Door } from './door.ts';
import { AdminListener } from './listener.ts';
import { options } from './options.ts';
import type { AdminRoute } from './route.ts';
import { allRoutes } from './routes.ts';

const version = '0.1.0';

/** Served by the core itself where models are. */
const OF_THE_CORE = '/health';

export default definePlugin({
  name: '@gatewright/admin-api',
  version,
  engine: '^1',
  id: 'admin-api',
  options,
  uses: ['store', 'keys'],
  usesIfPresent: ['state', 'prices', 'health'],
  supports: { hooks: [], reads: 'none', mutates: false, network: [], secrets: false },
  setup(context, { listen, bodyLimit, openapi }) {
    const { use, useIfPresent, clock, log, http, share, onReady, onServe } = context;
    const keys: KeyService = use('keys');
    const desk = new Desk({
      store: use('store'),
      keys,
      state: useIfPresent('state'),
      prices: useIfPresent('prices'),
      health: useIfPresent('health'),
      clock,
      log,
      models: context.models,
      reloading: context.reloading,
    });
    const door = new Door({ actor: (credential) => keys.actor(credential), bodyLimit, log });
    const routes = allRoutes(desk, { openapi, version });
    if (listen === undefined) {
      for (const route of routes) {
        if (route.path !== OF_THE_CORE) http.route(route.method, route.path, handlerOf(route, door));
      }
      return;
    }
    if (context.dry) return;
    const { host, port } = listen;
    const listener = share(
      `${host}:${port}`,
      () => new AdminListener(),
      (open) => open.close(),
    );
    onServe(() => listener.take(routes, door));
    onReady(async () => {
      const address = await listener.listen(host, port);
      log.info('The management routes are served.', { host: address.address, port: address.port });
    });
  },
});

function handlerOf(route: AdminRoute, door: Door): Parameters<HttpPoints['route']>[2] {
  return async (context) => {
    const { params } = context as typeof context & { params: Record<string, string> };
    const { status, headers, body } = await door.answer(route, context.req, params);
    context.status = status;
    context.set({ ...headers });
    context.body = JSON.stringify(body);
  };
}
