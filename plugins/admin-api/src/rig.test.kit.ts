/** A whole gateway with keys, budgets and the management surface, for tests; every answer is held against its schema. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import authKeys from '@gatewright/auth-keys';
import budgets from '@gatewright/budgets';
import {
  createGateway,
  type Gateway,
  type GatewayConfig,
  type Logger,
  type Plugin,
  type Reloading,
} from '@gatewright/core';
import dialect from '@gatewright/dialect-openai';
import limits from '@gatewright/limits';
import prices from '@gatewright/prices';
import provider from '@gatewright/provider-simulated';
import stateMemory from '@gatewright/state-memory';
import storeSqlite from '@gatewright/store-sqlite';
import usage from '@gatewright/usage';
import { expect } from 'vitest';
import { Desk, type DeskParts } from './desk.ts';
import { errorAnswer } from './failure.ts';
import plugin from './index.ts';
import type { AdminRoute } from './route.ts';
import { allRoutes } from './routes.ts';

export const ADMIN_KEY = 'sk-admin-planted-0123456789';

/** The routes as they are described; none of them can be run. */
export const ROUTES: readonly AdminRoute[] = allRoutes(
  new Desk({ keys: { records: {} }, models: () => [] } as unknown as DeskParts),
  { openapi: true, version: '0.1.0' },
);

export interface Told {
  readonly status: number;
  readonly body: Record<string, unknown>;
  readonly headers: Readonly<Record<string, unknown>>;
}

type Send = (
  method: AdminRoute['method'],
  path: string,
  body?: unknown,
  headers?: Readonly<Record<string, string>>,
) => Promise<Told>;

export interface Rig {
  readonly gateway: Gateway;
  /** Everything that was logged, as text. */
  readonly logged: () => string;
  /** Everything that was answered, as text. */
  readonly answered: () => string;
  readonly admin: Send;
  as(key: string | undefined): Send;
  /** A chat with the priced model; answers with the status. */
  chat(key: string, model?: string, prompt?: string): Promise<Told>;
  /** Boots again with other options of the plugin, and swaps. */
  reload(options: Readonly<Record<string, unknown>>): Promise<void>;
  close(): Promise<void>;
}

type Entry = NonNullable<NonNullable<GatewayConfig['plugins']>[number]>;

/** Boots it on a database of its own, with other plugins that say who is calling. */
export async function startRig(
  options: Readonly<Record<string, unknown>> = {},
  reloading?: Reloading,
  others: readonly Entry[] = [],
): Promise<Rig> {
  const folder = mkdtempSync(join(tmpdir(), 'gatewright-admin-'));
  const lines: string[] = [];
  const answers: string[] = [];
  const outside = reloading === undefined ? {} : { reloading };
  const gateway = await createGateway(configOf(folder, options, others), { logger: loggerInto(lines), ...outside });
  const as =
    (key: string | undefined): Send =>
    async (method, path, body, headers = {}) => {
      const reply = await gateway.inject({
        method,
        url: path,
        headers: {
          ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      answers.push(reply.payload);
      const told = {
        status: reply.statusCode,
        body: JSON.parse(reply.payload) as Told['body'],
        headers: reply.headers,
      };
      if (!path.startsWith('/v1/chat')) isDescribed(method, path, told);
      return told;
    };
  return {
    gateway,
    logged: () => lines.join('\n'),
    answered: () => answers.join('\n'),
    admin: as(ADMIN_KEY),
    as,
    chat: (key, model = 'smart', prompt = 'hi') =>
      as(key)('POST', '/v1/chat/completions', {
        model,
        max_tokens: 50,
        messages: [{ role: 'user', content: prompt }],
      }),
    reload: (changed) => gateway.reload(configOf(folder, changed, others)),
    async close() {
      await gateway.close();
      rmSync(folder, { recursive: true });
    },
  };
}

function configOf(folder: string, options: Readonly<Record<string, unknown>>, others: readonly Entry[]): GatewayConfig {
  const plugins = [
    { use: dialect as Plugin },
    { use: provider as Plugin, with: { tokensPerSecond: 0, firstTokenDelay: 0 } },
    {
      use: prices as Plugin,
      with: { overrides: [{ model: 'smart', input: '100', output: '1000' }], free: ['simulated/free'] },
    },
    { use: storeSqlite as Plugin, with: { path: join(folder, 'records.db') } },
    { use: stateMemory as Plugin },
    { use: authKeys as Plugin, with: { adminKey: ADMIN_KEY } },
    ...others,
    { use: limits as Plugin },
    { use: budgets as Plugin },
    { use: usage as Plugin, with: { journal: join(folder, 'journal') } },
    { use: plugin as Plugin, with: options },
  ];
  const models = { smart: { targets: ['simulated/smart'] }, free: { targets: ['simulated/free'] } };
  return { retries: 0, models, plugins };
}

function loggerInto(lines: string[]): Logger {
  const write = (message: string, fields?: unknown): void => {
    lines.push(`${message} ${JSON.stringify(fields)} ${String((fields as { error?: unknown } | undefined)?.error)}`);
  };
  return { debug: write, info: write, warn: write, error: write };
}

/** The answer has the shape that the OpenAPI document says. */
function isDescribed(method: string, path: string, { status, body }: Told): void {
  if (status !== 200) {
    expect(errorAnswer.safeParse(body).error?.issues, `${method} ${path}`).toBeUndefined();
    return;
  }
  const plain = path.replace(/\?.*$/, '');
  const route = ROUTES.find((one) => one.method === method && matches(one.path, plain));
  expect(route, `${method} ${plain} is described`).toBeDefined();
  expect(route?.answer.safeParse(body).error?.issues, `${method} ${path}`).toBeUndefined();
}

function matches(pattern: string, path: string): boolean {
  const [want, have] = [pattern.split('/'), path.split('/')];
  return want.length === have.length && want.every((piece, index) => piece.startsWith(':') || piece === have[index]);
}

/** Asks until the answer is as wanted: rows of usage reach the store a moment after the answer. */
export async function until<T>(ask: () => Promise<T>, wanted: (value: T) => boolean): Promise<T> {
  for (let tries = 0; ; tries++) {
    const value = await ask();
    if (wanted(value) || tries === 200) return value;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
