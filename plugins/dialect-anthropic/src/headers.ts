/** The headers that pass through the gateway between a client and a provider of this dialect. */

/** `anthropic-version` changes what a body may hold, so it must go on with the body. */
export const REQUEST_HEADERS: readonly string[] = ['anthropic-version', 'anthropic-beta', 'anthropic-user-profile-id'];

/** https://platform.claude.com/docs/en/api/rate-limits#response-headers */
export const REPLY_HEADERS: readonly string[] = [
  'request-id',
  'retry-after',
  'anthropic-organization-id',
  'anthropic-workspace-id',
  'anthropic-ratelimit-',
  'anthropic-priority-',
  'anthropic-fast-',
];

/** Where clients put their key besides `Authorization: Bearer`: SDKs before 1.0, and many others. */
export const CREDENTIAL_HEADERS: readonly string[] = ['x-api-key'];
