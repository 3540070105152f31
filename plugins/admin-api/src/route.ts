/** What a management route is: its place, who may call it, what it takes and answers. */
import type { Actor, Author } from '@gatewright/auth-keys/records';
import type { z } from 'zod';

/** Who gets in: everybody; everybody whose key is known; who may look at everything; who may change everything. */
export type Access = 'open' | 'known' | 'viewer' | 'admin';

/** One call of a route, checked. */
export interface Call<Q, B> {
  readonly actor: Actor;
  /** Who is named in the audit log. */
  readonly author: Pick<Author, 'actor'>;
  /** The parameters of the path. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: Q;
  readonly body: B;
  /** What the caller sent as `idempotency-key`. */
  readonly idempotencyKey?: string;
  /** Says that a list goes on behind a record: the header `link` has the address. Nothing where it does not. */
  readonly goesOn: (cursor: string | undefined) => void;
}

export interface AdminRoute {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Parameters as `:name`. */
  readonly path: string;
  readonly group: string;
  /** One line of the OpenAPI document. */
  readonly summary: string;
  readonly access: Access;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodObject;
  readonly answer: z.ZodType;
  readonly run: (call: Call<never, never>) => Promise<unknown>;
}

interface Definition<Q extends z.ZodObject, B extends z.ZodObject, A extends z.ZodType> extends Omit<
  AdminRoute,
  'query' | 'body' | 'answer' | 'run'
> {
  readonly query?: Q;
  readonly body?: B;
  readonly answer: A;
  readonly run: (call: Call<z.output<Q>, z.output<B>>) => Promise<z.input<A>>;
}

/** A route whose handler is held to its schemas by the compiler. */
export function route<Q extends z.ZodObject, B extends z.ZodObject, A extends z.ZodType>(
  definition: Definition<Q, B, A>,
): AdminRoute {
  return definition;
}

/** The same route under further paths. */
export function alsoAt(one: AdminRoute, ...paths: string[]): AdminRoute[] {
  return [one, ...paths.map((path) => Object.assign({}, one, { path }))];
}
