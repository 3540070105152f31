/** Errors of Google, Amazon, Mistral and servers that only speak OpenAI's dialect, as they answer. */
import { CONTEXT, FILTER, google, openai, retryInfo, type ErrorCase } from './error-case.ts';

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

const MISTRALS: readonly ErrorCase[] = [
  {
    provider: 'mistral',
    what: 'too long',
    status: 400,
    body: {
      object: 'error',
      message: 'Prompt contains 40022 tokens and 0 draft tokens, too large for model with 32768 maximum context length',
      type: 'invalid_request_prompt',
      param: null,
      code: '3051',
    },
    source: 'https://github.com/mistralai/mistral-vibe/issues/14',
    code: CONTEXT,
    retryable: false,
  },
  {
    provider: 'mistral',
    what: 'a bad field',
    status: 422,
    body: { detail: [{ type: 'extra_forbidden', loc: ['body', 'user'], msg: 'Extra inputs are not permitted' }] },
    source: 'https://docs.mistral.ai/api',
    retryable: false,
  },
  {
    provider: 'mistral',
    what: 'a bad key',
    status: 401,
    body: { detail: 'Unauthorized' },
    source: 'https://docs.mistral.ai/api',
    retryable: false,
  },
  {
    provider: 'mistral',
    what: 'too fast',
    status: 429,
    body: {
      object: 'error',
      message: 'Service tier capacity exceeded for this model.',
      type: 'service_tier_capacity_exceeded',
      param: null,
      code: '3505',
    },
    source: 'https://docs.mistral.ai/deployment/laplateforme/tier',
    code: '3505',
    retryable: true,
  },
];

const compatible = (what: string, status: number, body: unknown, source: string, code?: string): ErrorCase => ({
  provider: 'compatible',
  what,
  status,
  body,
  source,
  ...(code === undefined ? {} : { code }),
  retryable: status === 429,
});

const COMPATIBLES: readonly ErrorCase[] = [
  compatible(
    'vLLM: too long',
    400,
    {
      error: {
        message:
          "This model's maximum context length is 4096 tokens. However, you requested 5000 tokens in the messages. Please reduce the length of the messages.",
        type: 'BadRequestError',
        param: null,
        code: 400,
      },
    },
    'https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html',
    CONTEXT,
  ),
  compatible(
    'llama.cpp: too long',
    400,
    {
      error: {
        code: 400,
        message:
          'the request exceeds the available context size. try increasing the context size or enable context shift',
        type: 'exceed_context_size_error',
        n_prompt_tokens: 9000,
        n_ctx: 4096,
      },
    },
    'https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md',
    CONTEXT,
  ),
  compatible(
    'SGLang: too long',
    400,
    {
      object: 'error',
      message: "The input (9000 tokens) is longer than the model's context length (4096 tokens).",
      type: 'BadRequestError',
      param: null,
      code: 400,
    },
    'https://github.com/sgl-project/sglang/issues/3000',
    CONTEXT,
  ),
  compatible(
    'xAI: too long',
    400,
    {
      code: 'Client specified an invalid argument',
      error: "This model's maximum prompt length is 131072 but the request contains 140000 tokens.",
    },
    'https://docs.x.ai/docs/key-information/debugging',
    CONTEXT,
  ),
  compatible(
    'DeepSeek: filtered',
    400,
    openai('Content Exists Risk', 'invalid_request_error', 'invalid_request_error'),
    'https://api-docs.deepseek.com/quick_start/error_codes',
    FILTER,
  ),
  compatible(
    'Alibaba: filtered',
    400,
    openai('Input data may contain inappropriate content.', 'data_inspection_failed', 'data_inspection_failed'),
    'https://www.alibabacloud.com/help/en/model-studio/error-code',
    FILTER,
  ),
  compatible(
    'Groq: too much for its minute, which is no question of length',
    413,
    openai(
      'Request too large for model `llama-3.3-70b` on tokens per minute (TPM): Limit 6000, Requested 9000, please reduce your message size and try again.',
      'tokens',
      'rate_limit_exceeded',
    ),
    'https://console.groq.com/docs/errors',
    'rate_limit_exceeded',
  ),
  compatible(
    'OpenRouter: no money',
    402,
    { error: { code: 402, message: 'Insufficient credits', metadata: {} }, user_id: 'u-1' },
    'https://openrouter.ai/docs/api-reference/errors',
    '402',
  ),
];

export const OTHER_CASES: readonly ErrorCase[] = [...GOOGLES, ...AMAZONS, ...MISTRALS, ...COMPATIBLES];
