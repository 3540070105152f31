/** What bodies need besides their dialects before Vertex AI takes them. */
import type { EncodeContext, JsonObject } from '@gatewright/core';
import { chatBody } from '@gatewright/provider-mistral';

/** https://platform.claude.com/docs/en/build-with-claude/claude-on-vertex-ai */
const ANTHROPIC_VERSION = 'vertex-2023-10-16';

/** Claude's model stands in the path, and the version in the body. */
export function claudeBody({ model: _inPath, ...body }: JsonObject): JsonObject {
  return { ...body, anthropic_version: ANTHROPIC_VERSION };
}

/** The count of Claude's tokens has the model in the body, without its publisher, and a version too. */
export function claudeCountBody(body: JsonObject): JsonObject {
  const { model } = body;
  const name = typeof model === 'string' ? model.slice(model.lastIndexOf('/') + 1) : model;
  return { ...body, model: name, anthropic_version: ANTHROPIC_VERSION };
}

/**
 * Mistral's models take what they take at Mistral, and their name in the body too, without publisher and version.
 * https://docs.cloud.google.com/vertex-ai/generative-ai/docs/partner-models/mistral
 */
export function mistralBody(body: JsonObject, context: EncodeContext): JsonObject {
  const { model, ...rest } = chatBody(body, context, false);
  if (typeof model !== 'string') return rest;
  return { model: model.slice(model.lastIndexOf('/') + 1).replace(/@.*$/, ''), ...rest };
}

/** What the Gemini API has at the top of a request for embeddings, and Vertex AI in `embedContentConfig`. */
const EMBED_SETTINGS: ReadonlySet<string> = new Set(['taskType', 'title', 'outputDimensionality', 'autoTruncate']);

/** The model stands in the path, and the settings one level further down. */
export function embedBody({ model: _inPath, embedContentConfig: config, ...body }: JsonObject): JsonObject {
  const entries = Object.entries(body);
  const settings = {
    ...Object.fromEntries(entries.filter(([name]) => EMBED_SETTINGS.has(name))),
    ...(config as JsonObject | undefined),
  };
  const others = Object.fromEntries(entries.filter(([name]) => !EMBED_SETTINGS.has(name)));
  return Object.keys(settings).length === 0 ? others : { ...others, embedContentConfig: settings };
}

/** What Vertex AI counts (https://docs.cloud.google.com/vertex-ai/generative-ai/docs/model-reference/count-tokens). */
const COUNTED: ReadonlySet<string> = new Set([
  'contents',
  'systemInstruction',
  'system_instruction',
  'tools',
  'generationConfig',
  'generation_config',
]);

/** The Gemini API wraps what is to be counted in `generateContentRequest`; Vertex AI takes its fields as they are. */
export function geminiCountBody(body: JsonObject): JsonObject {
  const wrapped = body['generateContentRequest'] ?? body['generate_content_request'];
  if (typeof wrapped !== 'object' || wrapped === null) return body;
  return Object.fromEntries(Object.entries(wrapped).filter(([name]) => COUNTED.has(name)));
}
