/** Reads off the claims of a verified token who its bearer is. */
import { GatewayError } from '@gatewright/core';
import type { Given } from '@gatewright/auth-keys';
import type { Issuer } from './options.ts';

export type Claims = Readonly<Record<string, unknown>>;

const LONGEST = 200;

/** Throws `GW_FORBIDDEN` where a claim that is required is missing, `GW_UNAUTHENTICATED` where nobody is named. */
export function givenOf(token: Claims, issuer: Issuer): Given {
  const { claims, prefix, known } = issuer;
  for (const [path, wanted] of Object.entries(issuer.require)) {
    if (!words(token, path).some((value) => wanted.includes(value))) {
      throw new GatewayError('GW_FORBIDDEN', `The token may not be used here: its claim "${path}" does not allow it.`);
    }
  }
  const id = text(token, claims.key);
  if (id === undefined) {
    throw new GatewayError(
      'GW_UNAUTHENTICATED',
      `The token does not say who its bearer is: it has no "${claims.key}".`,
    );
  }
  const field = (name: 'name' | 'user' | 'team' | 'organisation' | 'endUser'): object => {
    const path = claims[name];
    const value = path === undefined ? undefined : text(token, path);
    return value === undefined ? {} : { [name]: value };
  };
  const role = roleOf(token, issuer);
  const tags = claims.tags === undefined ? [] : words(token, claims.tags);
  return Object.freeze({
    key: `${prefix}${id}`,
    ...field('name'),
    ...field('user'),
    ...field('team'),
    ...field('organisation'),
    ...field('endUser'),
    ...(claims.models === undefined ? {} : { models: words(token, claims.models) }),
    ...(tags.length === 0 ? {} : { tags }),
    ...(role === undefined ? {} : { role }),
    known,
  });
}

const RANKS = ['viewer', 'user', 'admin-viewer', 'admin'] as const;

/** The largest of those that the token's roles mean. */
function roleOf(token: Claims, { claims, roles }: Issuer): Given['role'] {
  const has = claims.roles === undefined ? [] : words(token, claims.roles);
  const means = new Set(has.filter((role) => Object.hasOwn(roles, role)).map((role) => roles[role]));
  return RANKS.findLast((rank) => means.has(rank));
}

/** The claim as a whole, for names with dots in them, else one inside another. */
function claim(token: Claims, path: string): unknown {
  if (Object.hasOwn(token, path)) return token[path];
  let value: unknown = token;
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Claims)[name];
  }
  return value;
}

function text(token: Claims, path: string): string | undefined {
  const value = claim(token, path);
  const one: unknown = Array.isArray(value) ? value[0] : value;
  if (typeof one !== 'string' || one === '') return undefined;
  if (one.length <= LONGEST && !/\p{Cc}/u.test(one)) return one;
  throw new GatewayError('GW_UNAUTHENTICATED', `The token's claim "${path}" is no name: it is too long, or not text.`);
}

/** A list of texts, or one text with words in it, as `scope` is. */
function words(token: Claims, path: string): string[] {
  const value = claim(token, path);
  if (typeof value === 'string') return value.split(/\s+/).filter((word) => word !== '');
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string' && one !== '') : [];
}
