/** Errors of OpenAI, Azure and Anthropic, as they answer: recorded, or from their documentation and the reports of their users. */
import { anthropic, CONTEXT, FILTER, openai, type ErrorCase } from './error-case.ts';
import { CLOUD_CASES } from './error-bodies-clouds.ts';
import { OTHER_CASES } from './error-bodies-others.ts';

const OPENAI = 'https://platform.openai.com/docs/guides/error-codes/api-errors';
const ANTHROPIC = 'https://platform.claude.com/docs/en/api/errors';
const AZURE = 'https://learn.microsoft.com/en-us/azure/ai-foundry/openai/concepts/content-filter';
const RFC = 'https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3';

const slow = openai('Rate limit reached for gpt-5 in organization org-1.', 'tokens', 'rate_limit_exceeded');

const OPENAIS: readonly ErrorCase[] = [
  {
    provider: 'openai',
    what: 'too long',
    status: 400,
    body: openai(
      "This model's maximum context length is 128000 tokens. However, your messages resulted in 130112 tokens.",
      'invalid_request_error',
      CONTEXT,
      'messages',
    ),
    source: OPENAI,
    code: CONTEXT,
    retryable: false,
  },
  {
    provider: 'openai',
    what: 'filtered',
    status: 400,
    body: openai(
      'Your request was rejected as a result of our safety system.',
      'invalid_request_error',
      'content_policy_violation',
    ),
    source: 'https://help.openai.com/en/articles/6338765',
    code: 'content_policy_violation',
    retryable: false,
  },
  {
    provider: 'openai',
    what: 'a model that is not there (recorded: envoy-ai-gateway/chat-unknown-model.yaml)',
    status: 404,
    body: openai('The model `gpt-4.1-nano-wrong` does not exist.', 'invalid_request_error', 'model_not_found'),
    source: OPENAI,
    code: 'model_not_found',
    retryable: false,
  },
  {
    provider: 'openai',
    what: 'too fast, wait in milliseconds and seconds',
    status: 429,
    headers: { 'retry-after-ms': '1234', 'retry-after': '2' },
    body: slow,
    source: OPENAI,
    code: 'rate_limit_exceeded',
    retryable: true,
    retryAfter: 1234,
  },
  {
    provider: 'openai',
    what: 'too fast, wait in seconds',
    status: 429,
    headers: { 'retry-after': '20' },
    body: slow,
    source: RFC,
    code: 'rate_limit_exceeded',
    retryable: true,
    retryAfter: 20_000,
  },
  {
    provider: 'openai',
    what: 'too fast, wait until a date that has passed',
    status: 503,
    headers: { 'retry-after': 'Wed, 21 Oct 2015 07:28:00 GMT' },
    body: openai('The server is overloaded.', 'server_error', null),
    source: RFC,
    retryable: true,
    retryAfter: 0,
  },
  {
    provider: 'openai',
    what: 'too fast, wait that nobody can read',
    status: 429,
    headers: { 'retry-after': 'soon' },
    body: slow,
    source: RFC,
    code: 'rate_limit_exceeded',
    retryable: true,
  },
  {
    provider: 'openai',
    what: 'no money',
    status: 429,
    body: openai('You exceeded your current quota.', 'insufficient_quota', 'insufficient_quota'),
    source: OPENAI,
    code: 'insufficient_quota',
    retryable: true,
  },
  {
    provider: 'azure-openai',
    what: 'filtered',
    status: 400,
    body: {
      error: {
        message: "The response was filtered due to the prompt triggering Azure OpenAI's content management policy.",
        type: null,
        param: 'prompt',
        code: 'content_filter',
        status: 400,
        innererror: { code: 'ResponsibleAIPolicyViolation', content_filter_result: { hate: { filtered: true } } },
      },
    },
    source: AZURE,
    code: FILTER,
    retryable: false,
  },
  {
    provider: 'azure-dated',
    what: 'too fast',
    status: 429,
    headers: { 'retry-after': '7' },
    body: { error: { code: '429', message: 'Requests have exceeded the call rate limit of your current tier.' } },
    source: 'https://learn.microsoft.com/en-us/azure/ai-foundry/openai/how-to/quota',
    code: '429',
    retryable: true,
    retryAfter: 7000,
  },
];

const ANTHROPICS: readonly ErrorCase[] = [
  {
    provider: 'anthropic',
    what: 'too long',
    status: 400,
    body: anthropic('invalid_request_error', 'prompt is too long: 210000 tokens > 200000 maximum'),
    source: 'https://platform.claude.com/docs/en/build-with-claude/context-windows',
    code: CONTEXT,
    retryable: false,
  },
  {
    provider: 'anthropic',
    what: 'too long with its answer',
    status: 400,
    body: anthropic(
      'invalid_request_error',
      'input length and `max_tokens` exceed context limit: 199000 + 8192 > 200000, decrease input length or `max_tokens`',
    ),
    source: 'https://platform.claude.com/docs/en/build-with-claude/context-windows',
    code: CONTEXT,
    retryable: false,
  },
  {
    provider: 'anthropic',
    what: 'filtered',
    status: 400,
    body: anthropic('invalid_request_error', 'Output blocked by content filtering policy'),
    source: 'https://github.com/anthropics/claude-code/issues/2111',
    code: FILTER,
    retryable: false,
  },
  {
    provider: 'anthropic',
    what: 'too fast',
    status: 429,
    headers: { 'retry-after': '12' },
    body: anthropic('rate_limit_error', 'This request would exceed your rate limit.'),
    source: ANTHROPIC,
    retryable: true,
    retryAfter: 12_000,
  },
  {
    provider: 'anthropic',
    what: 'overloaded',
    status: 529,
    body: anthropic('overloaded_error', 'Overloaded'),
    source: ANTHROPIC,
    retryable: true,
  },
];

export const ERROR_CASES: readonly ErrorCase[] = [...OPENAIS, ...ANTHROPICS, ...CLOUD_CASES, ...OTHER_CASES];
