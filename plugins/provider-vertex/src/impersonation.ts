/** A token of a service account for somebody who may act as it. */
import { requestToken, type TokenAnswer } from '@gatewright/core/wire';
import { SCOPE } from './scope.ts';

/** The longest that is given without further permission, in seconds. */
const LIFETIME = 3600;

/**
 * Exchanges an answer with a token for one with a token of the service account; an answer without one is left as it is.
 * https://docs.cloud.google.com/iam/docs/reference/credentials/rest/v1/projects.serviceAccounts/generateAccessToken
 */
export async function impersonate(
  url: string,
  own: TokenAnswer,
  now: number,
  lifetime = LIFETIME,
  delegates?: readonly string[],
): Promise<TokenAnswer> {
  const token = fieldsOf(own)['access_token'];
  if (own.status !== 200 || typeof token !== 'string') return own;
  const answer = await requestToken({
    url,
    headers: { authorization: `Bearer ${token}` },
    json: { scope: [SCOPE], lifetime: `${lifetime}s`, ...(delegates === undefined ? {} : { delegates }) },
  });
  if (answer.status !== 200) return answer;
  const { accessToken, expireTime } = fieldsOf(answer);
  const expires = typeof expireTime === 'string' ? Date.parse(expireTime) : Number.NaN;
  const seconds = Number.isNaN(expires) ? lifetime : (expires - now) / 1000;
  return { status: 200, body: JSON.stringify({ access_token: accessToken, expires_in: seconds }) };
}

function fieldsOf({ body }: TokenAnswer): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
