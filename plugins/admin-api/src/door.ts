/** Lets management requests in: who is it, may they, is what they sent what the route takes. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { ADMIN, seesAll, type Actor } from '@gatewright/auth-keys/records';
import { GatewayError, toGatewayError, type Logger } from '@gatewright/core';
import type { z } from 'zod';
import { readBody } from './body.ts';
import { credentialOf } from './credential.ts';
import { badInput, isUnforeseen, toldOf } from './failure.ts';
import type { AdminRoute, Call } from './route.ts';

/** What goes back. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

export interface DoorOptions {
  /** Who comes with this key. */
  readonly actor: (credential: string | undefined) => Promise<Actor>;
  readonly bodyLimit: number;
  readonly log: Logger;
}

/** Answers are about money and keys: nobody on the way keeps them, and no browser takes them for a page. */
const HEADERS = {
  'content-type': 'application/json; charset=utf-8',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
};

export class Door {
  readonly #options: DoorOptions;

  constructor(options: DoorOptions) {
    this.#options = options;
  }

  /** Never rejects. */
  async answer(route: AdminRoute, request: IncomingMessage, params: Readonly<Record<string, string>>): Promise<Answer> {
    const id = `adm_${randomUUID()}`;
    const headers: Record<string, string> = { ...HEADERS, 'x-gatewright-request-id': id };
    const goesOn = (cursor: string | undefined): void => {
      if (cursor !== undefined) headers['link'] = linkTo(request.url ?? '', cursor);
    };
    try {
      return { status: 200, headers, body: await this.#run(route, request, params, goesOn) };
    } catch (thrown) {
      if (isUnforeseen(thrown)) {
        this.#options.log.error('A management request failed.', { id, route: route.path, error: causeOf(thrown) });
      }
      const { status, body } = toldOf(thrown, id);
      const challenge = status === 401 ? { 'www-authenticate': 'Bearer' } : {};
      return { status, headers: { ...headers, ...challenge }, body };
    }
  }

  async #run(
    route: AdminRoute,
    request: IncomingMessage,
    params: Readonly<Record<string, string>>,
    goesOn: Call<unknown, unknown>['goesOn'],
  ): Promise<unknown> {
    const { headers } = request;
    const actor = route.access === 'open' ? ADMIN : await this.#options.actor(credentialOf(headers));
    admit(route, actor);
    const call: Call<unknown, unknown> = {
      actor,
      author: { actor: authorOf(actor, headers['litellm-changed-by']) },
      params,
      query: parse('the query', route.query, queryOf(request.url ?? '')),
      body: route.body === undefined ? {} : parse('the body', route.body, await this.#body(route.body, request)),
      ...idempotency(headers['idempotency-key']),
      goesOn,
    };
    return route.run(call as Call<never, never>);
  }

  async #body(shape: z.ZodObject, request: IncomingMessage): Promise<unknown> {
    const given = (await readBody(request, this.#options.bodyLimit)) as Record<string, unknown>;
    return withoutEmpty(given, shape);
  }
}

/** The same address with another cursor (RFC 8288). */
function linkTo(url: string, cursor: string): string {
  const from = url.indexOf('?');
  const query = new URLSearchParams(from < 0 ? '' : url.slice(from));
  query.set('cursor', cursor);
  return `<${from < 0 ? url : url.slice(0, from)}?${query.toString()}>; rel="next"`;
}

/** Whether a route is for them at all; what they may do with it, the route knows. */
function admit({ access }: AdminRoute, actor: Actor): void {
  const mayEnter = access === 'admin' ? actor.role === 'admin' : access !== 'viewer' || seesAll(actor);
  if (mayEnter) return;
  const help = 'Use the admin key, or a key whose role allows it.';
  throw new GatewayError('GW_FORBIDDEN', 'This key may not use this route.', { help });
}

/** Admins may say for whom they make a change. */
function authorOf(actor: Actor, changedBy: string | string[] | undefined): string {
  if (actor.role !== 'admin' || typeof changedBy !== 'string' || !/^[\x20-\x7e]{1,128}$/.test(changedBy))
    return actor.id;
  return `${actor.id} for ${changedBy}`;
}

function idempotency(key: string | string[] | undefined): { readonly idempotencyKey?: string } {
  if (key === undefined) return {};
  if (typeof key === 'string' && /^[\x21-\x7e]{1,200}$/.test(key)) return { idempotencyKey: key };
  throw new GatewayError('GW_BAD_REQUEST', 'The header "idempotency-key" must be 1 to 200 characters without spaces.');
}

/** Nothing of the address but its query is looked at. A name that stands there twice is refused: which one is meant? */
function queryOf(url: string): Record<string, string> {
  const query: Record<string, string> = {};
  const from = url.indexOf('?');
  for (const [name, value] of new URLSearchParams(from < 0 ? '' : url.slice(from))) {
    if (Object.hasOwn(query, name))
      throw new GatewayError('GW_BAD_REQUEST', `${name}: stands in the query twice.`, { param: name });
    if (value !== '') Object.defineProperty(query, name, { value, enumerable: true });
  }
  return query;
}

function parse(what: string, shape: z.ZodObject | undefined, given: unknown): unknown {
  if (shape === undefined) return {};
  const result = shape.safeParse(given);
  if (result.success) return result.data;
  throw badInput(what, result.error.issues);
}

/** Scripts send many fields that say nothing: those that are not known here are dropped where they are empty. */
function withoutEmpty(given: Record<string, unknown>, shape: z.ZodObject): Record<string, unknown> {
  const known = ([name, value]: [string, unknown]): boolean => Object.hasOwn(shape.shape, name) || !isEmpty(value);
  return Object.fromEntries(Object.entries(given).filter(known));
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === false || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

function causeOf(thrown: unknown): unknown {
  return toGatewayError(thrown).details.cause ?? thrown;
}
