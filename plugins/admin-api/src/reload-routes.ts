/** The route that has the gateway read its configuration again. */
import { formatProblems, isGatewayError, GatewayError, type ConfigChange, type Reloading } from '@gatewright/core';
import type { Store } from '@gatewright/core';
import { z } from 'zod';
import { alsoAt, route, type AdminRoute } from './route.ts';

export interface ReloadParts {
  readonly store: Store;
  readonly reloading: Reloading;
  readonly now: () => number;
}

const change = z.strictObject({
  kind: z.enum(['add', 'remove', 'change']),
  what: z.string().describe('`plugin`, `model`, `hook` or `setting`.'),
  name: z.string(),
  details: z.array(z.strictObject({ path: z.string(), before: z.unknown().optional(), after: z.unknown().optional() })),
  restart: z.literal(true).optional().describe('Only a restart of the process changes it.'),
});

export function reloadRoutes({ store, reloading, now }: ReloadParts): AdminRoute[] {
  const reload = route({
    method: 'POST',
    path: '/config/reload',
    group: 'House',
    summary:
      'Reads the configuration again. A bad one is refused with everything that is wrong with it, and the one before goes on.',
    access: 'admin',
    body: z.strictObject({
      dry_run: z.boolean().default(false).describe('Only says what a reload would change now.'),
    }),
    answer: z.strictObject({ reloaded: z.boolean(), changes: z.array(change) }),
    run: async ({ author, body }) => {
      if (body.dry_run) return { reloaded: false, changes: shown(await refusing(reloading.preview())) };
      const changes = shown(await refusing(reloading.reload()));
      const after = changes.map(({ kind, what, name }) => ({ kind, what, name }));
      await store.write([], [{ time: now(), ...author, action: 'config.reload', kind: 'config', id: 'config', after }]);
      return { reloaded: true, changes };
    },
  });
  return alsoAt(reload, '/v1/config/reload');
}

/** What JSON cannot say is said as text. */
function shown(changes: readonly ConfigChange[]): z.output<typeof change>[] {
  const text = JSON.stringify(changes, (_key, value: unknown) => (typeof value === 'bigint' ? `${value}` : value));
  return JSON.parse(text) as z.output<typeof change>[];
}

/** A bad configuration is not the gateway's own failure, but that of whoever wrote it. */
async function refusing<T>(reload: Promise<T>): Promise<T> {
  try {
    return await reload;
  } catch (error) {
    if (!isGatewayError(error) || !REFUSALS.has(error.code)) throw error;
    const { problems } = error.details;
    const told = problems === undefined ? error.message : formatProblems(problems);
    const message = `The configuration was not reloaded; the one from before goes on.\n${told}`;
    throw new GatewayError('GW_CONFIG', message, { ...error.details, status: 422 });
  }
}

const REFUSALS: ReadonlySet<string> = new Set(['GW_CONFIG', 'GW_PLUGIN_SETUP', 'GW_PLUGIN_CONTRACT']);
