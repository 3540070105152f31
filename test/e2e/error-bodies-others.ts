/** Errors of Mistral, Cohere, Ollama and servers that only speak OpenAI's dialect, as they answer. */
import { CONTEXT, FILTER, openai, type ErrorCase } from './error-case.ts';

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

const COHERE = 'https://docs.cohere.com/reference/errors';

const COHERES: readonly ErrorCase[] = [
  {
    provider: 'cohere',
    what: 'too long',
    status: 400,
    body: { id: 'r-1', message: 'too many tokens: size limit exceeded by 1200 tokens. Try using shorter inputs.' },
    source: COHERE,
    code: CONTEXT,
    retryable: false,
  },
  {
    provider: 'cohere',
    what: 'filtered',
    status: 498,
    body: { id: 'r-1', message: 'a blocked input was sent' },
    source: COHERE,
    code: FILTER,
    retryable: false,
  },
  {
    provider: 'cohere',
    what: 'too fast',
    status: 429,
    headers: { 'retry-after': '3' },
    body: { id: 'r-1', message: 'You are past the per minute request limit, please wait and try again later.' },
    source: COHERE,
    retryable: true,
    retryAfter: 3000,
  },
];

const OLLAMAS: readonly ErrorCase[] = [
  {
    provider: 'ollama',
    what: 'a model that is not there',
    status: 404,
    body: { error: "model 'model' not found" },
    source: 'https://docs.ollama.com/api/errors',
    code: 'model_not_found',
    retryable: false,
  },
  {
    provider: 'ollama',
    what: 'too long',
    status: 400,
    body: { error: 'the input length exceeds the context length' },
    source: 'https://github.com/ollama/ollama/blob/main/server/routes.go',
    code: CONTEXT,
    retryable: false,
  },
  {
    provider: 'ollama',
    what: 'busy',
    status: 503,
    body: { error: 'server busy, please try again.  maximum pending requests exceeded' },
    source: 'https://docs.ollama.com/faq',
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

export const OTHER_CASES: readonly ErrorCase[] = [...MISTRALS, ...COHERES, ...OLLAMAS, ...COMPATIBLES];
