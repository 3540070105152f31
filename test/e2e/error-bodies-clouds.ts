/** Errors of Google and Amazon, as they answer. */
import { CONTEXT, FILTER, google, retryInfo, type ErrorCase } from './error-case.ts';

const GOOGLE = 'https://ai.google.dev/gemini-api/docs/troubleshooting';
const VERTEX = 'https://docs.cloud.google.com/vertex-ai/generative-ai/docs/model-reference/api-errors';
const BEDROCK = 'https://docs.aws.amazon.com/bedrock/latest/userguide/troubleshooting-api-error-codes.html';

const GOOGLES: readonly ErrorCase[] = [
  {
    provider: 'gemini',
    what: 'too long',
    status: 400,
    body: google(
      400,
      'INVALID_ARGUMENT',
      'The input token count (1048577) exceeds the maximum number of tokens allowed (1048576).',
    ),
    source: GOOGLE,
    code: CONTEXT,
    retryable: false,
  },
  {
    provider: 'gemini',
    what: 'too fast, with a wait in its details (as recorded: vercel-ai/google/google-429-retry-info.json)',
    status: 429,
    body: google(429, 'RESOURCE_EXHAUSTED', 'You exceeded your current quota.', retryInfo('34.4s')),
    source: GOOGLE,
    retryable: true,
    retryAfter: 34_400,
  },
  {
    provider: 'gemini',
    what: 'a bad key, in an array',
    status: 400,
    body: [
      google(400, 'INVALID_ARGUMENT', 'API key not valid. Please pass a valid API key.', [
        { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'API_KEY_INVALID', domain: 'googleapis.com' },
      ]),
    ],
    source: GOOGLE,
    code: 'API_KEY_INVALID',
    retryable: false,
  },
  {
    provider: 'vertex',
    what: 'too long',
    status: 400,
    body: google(
      400,
      'INVALID_ARGUMENT',
      'Unable to submit request because the input token count is 1048580 but model only supports up to 1048576. Reduce the input token count and try again.',
    ),
    source: VERTEX,
    code: CONTEXT,
    retryable: false,
  },
  {
    provider: 'vertex',
    what: 'overloaded',
    status: 503,
    body: google(503, 'UNAVAILABLE', 'The model is overloaded. Please try again later.', retryInfo('2s')),
    source: VERTEX,
    retryable: true,
    retryAfter: 2000,
  },
  {
    provider: 'vertex',
    what: 'no right',
    status: 403,
    body: google(403, 'PERMISSION_DENIED', "Permission 'aiplatform.endpoints.predict' denied on resource."),
    source: VERTEX,
    retryable: false,
  },
];

const AMAZONS: readonly ErrorCase[] = [
  {
    provider: 'bedrock',
    what: 'too long',
    status: 400,
    headers: { 'x-amzn-errortype': 'ValidationException:http://internal.amazon.com/coral/com.amazon.bedrock/' },
    body: { message: 'The model returned the following errors: Input is too long for requested model.' },
    source: BEDROCK,
    code: CONTEXT,
    retryable: false,
  },
  {
    provider: 'bedrock',
    what: 'filtered',
    status: 400,
    headers: { 'x-amzn-errortype': 'ValidationException' },
    body: { message: 'Output blocked by content filtering policy' },
    source: BEDROCK,
    code: FILTER,
    retryable: false,
  },
  {
    provider: 'bedrock',
    what: 'too fast',
    status: 429,
    headers: { 'x-amzn-errortype': 'ThrottlingException' },
    body: { message: 'Too many tokens, please wait before trying again.' },
    source: BEDROCK,
    retryable: true,
  },
  {
    provider: 'bedrock',
    what: 'no right',
    status: 403,
    headers: { 'x-amzn-errortype': 'AccessDeniedException' },
    body: { message: "You don't have access to the model with the specified model ID." },
    source: BEDROCK,
    retryable: false,
  },
];

export const CLOUD_CASES: readonly ErrorCase[] = [...GOOGLES, ...AMAZONS];
