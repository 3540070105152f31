/** Servers that run on a machine of your own, at their usual address. */
import type { Preset } from './preset.ts';

export const LOCAL: readonly Preset[] = [
  {
    id: 'llama-cpp',
    name: 'llama.cpp server',
    baseUrl: 'http://127.0.0.1:8080/v1',
    operations: ['chat', 'completions', 'embeddings', 'rerank'],
    docs: 'https://github.com/ggml-org/llama.cpp',
    sources: [
      'https://github.com/mozilla-ai/any-llm/blob/main/src/any_llm/providers/llamacpp/llamacpp.py',
      'https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md',
      'https://www.mintlify.com/ggml-org/llama.cpp/inference/embeddings',
    ],
    checked: '2026-11-22',
    verified: 'documentation',
  },
  {
    id: 'llamafile',
    name: 'llamafile',
    baseUrl: 'http://127.0.0.1:8080/v1',
    operations: ['chat'],
    docs: 'https://github.com/Mozilla-Ocho/llamafile',
    sources: ['https://github.com/mozilla-ai/any-llm/blob/main/src/any_llm/providers/llamafile/llamafile.py'],
    checked: '2026-11-22',
    verified: 'documentation',
  },
  {
    id: 'lm-studio',
    name: 'LM Studio',
    baseUrl: 'http://127.0.0.1:1234/v1',
    operations: ['chat', 'completions', 'embeddings', 'responses'],
    quirks: { maxTokensField: 'max_tokens', floatEmbeddings: true },
    docs: 'https://github.com/lmstudio-ai/docs/blob/main/1_developer/3_openai-compat/chat-completions.md',
    sources: [
      'https://github.com/lmstudio-ai/docs/blob/main/1_developer/3_openai-compat/chat-completions.md',
      'https://lmstudio.ai/docs/developer/openai-compat/responses',
      'https://lmstudio.ai/docs/api/openai-api',
    ],
    checked: '2026-11-22',
    verified: 'documentation',
  },
  {
    id: 'ollama',
    name: 'Ollama',
    baseUrl: 'http://127.0.0.1:11434/v1',
    operations: ['chat', 'completions', 'embeddings', 'responses'],
    quirks: { maxTokensField: 'max_tokens', toolChoiceRequired: 'unsupported', floatEmbeddings: true },
    docs: 'https://github.com/ollama/ollama/blob/main/docs/openai.md',
    sources: [
      'https://github.com/ollama/ollama/blob/main/docs/openai.md',
      'https://docs.ollama.com/api/openai-compatibility',
    ],
    checked: '2026-11-22',
    verified: 'documentation',
  },
  {
    id: 'vllm',
    name: 'vLLM',
    baseUrl: 'http://127.0.0.1:8000/v1',
    operations: ['chat', 'completions', 'embeddings', 'rerank'],
    docs: 'https://docs.vllm.ai/',
    sources: [
      'https://github.com/mozilla-ai/any-llm/blob/main/src/any_llm/providers/vllm/vllm.py',
      'https://docs.vllm.ai/en/stable/serving/online_serving.html',
      'https://docs.vllm.ai/en/stable/examples/pooling/score/',
    ],
    checked: '2026-11-22',
    verified: 'documentation',
  },
];
