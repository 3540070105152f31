/** Tokens for workloads that somebody else vouches for: their token is exchanged for one of Google's (RFC 8693). */
import { readFile } from 'node:fs/promises';
import { GatewayError, isGatewayError } from '@gatewright/core';
import { requestToken, type TokenAnswer, type TokenOrigin } from '@gatewright/core/wire';
import { impersonate } from './impersonation.ts';
import type { ExternalAccount } from './key-file.ts';
import { SCOPE } from './scope.ts';

type Source = ExternalAccount['credential_source'];

/** https://google.aip.dev/auth/4117 */
export function federation(account: ExternalAccount): TokenOrigin {
  const { credential_source: source, service_account_impersonation_url: address } = account;
  const lifetime = account.service_account_impersonation?.token_lifetime_seconds;
  const exchanged = async (): Promise<TokenAnswer> => exchange(account, await subjectToken(source));
  return {
    name: 'the token service for the workload',
    help:
      'Check that the pool and its provider still exist and trust whoever issued the token' +
      (address === undefined ? '.' : ', and that the workload may impersonate the service account.'),
    ask: async (now) => (address === undefined ? exchanged() : impersonate(address, await exchanged(), now, lifetime)),
  };
}

function exchange(account: ExternalAccount, token: string): Promise<TokenAnswer> {
  const { audience, subject_token_type, token_url: url, workforce_pool_user_project: userProject } = account;
  const form = {
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    requested_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    subject_token: token,
    subject_token_type,
    audience,
    scope: SCOPE,
    ...(userProject === undefined ? {} : { options: JSON.stringify({ userProject }) }),
  };
  return requestToken({ url, form });
}

/** What the workload shows; read anew every time, since it changes while the gateway runs. */
async function subjectToken(source: Source): Promise<string> {
  const text = source.file === undefined ? await fetched(source) : await fileText(source.file);
  const token = source.format?.type === 'json' ? fieldOf(text, source.format.subject_token_field_name) : text.trim();
  if (token !== undefined && token !== '') return token;
  throw noSubject(source, 'there is no token in it');
}

async function fileText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw noSubject({ file }, (cause as NodeJS.ErrnoException).code ?? 'it cannot be read', cause);
  }
}

async function fetched(source: Source): Promise<string> {
  const { url = '', headers = {} } = source;
  try {
    const { status, body } = await requestToken({ url, headers });
    if (status === 200) return body;
    throw noSubject(source, `it answered ${status}`);
  } catch (cause) {
    if (isGatewayError(cause)) throw cause;
    throw noSubject(source, (cause as { code?: string }).code ?? 'it was not reached', cause);
  }
}

function fieldOf(text: string, name: string): string | undefined {
  try {
    const value: unknown = (JSON.parse(text) as Record<string, unknown>)[name];
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}

function noSubject({ file, url }: Source, reason: string, cause?: unknown): GatewayError {
  const message = `The token that the workload shows could not be had from ${file ?? url}: ${reason}.`;
  const help = 'Check "credential_source" in the key file.';
  return new GatewayError('GW_UPSTREAM_UNREACHABLE', message, { help, cause });
}
