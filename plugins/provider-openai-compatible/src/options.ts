/** The options of the provider for servers that speak OpenAI's dialects. */
import { address, credential, headerName, moreHeaders } from '@gatewright/core/wire';
import { z } from 'zod';
import { SERVED } from './operations.ts';
import { presetOf, PRESETS, unknownPreset } from './presets/table.ts';
import { quirks } from './quirks.ts';

const shape = z.strictObject({
  preset: z
    .string()
    .min(1)
    .meta({ examples: PRESETS.map(({ id }) => id) })
    .optional()
    .describe('A vendor from the table below: fills in what is not said here.'),
  baseUrl: address().optional().describe('Where the API is, usually ending in `/v1`. Required without a preset.'),
  apiKey: credential().optional().describe('The API key; without it, no credential is sent.'),
  authHeader: headerName()
    .optional()
    .describe('The header that carries the key. Where neither this nor the preset says: `authorization`.'),
  authScheme: z
    .string()
    .regex(/^[\x21-\x7e]*$/)
    .optional()
    .describe('The word before the key; empty where the header holds the key alone. Else: `Bearer`.'),
  headers: moreHeaders(),
  query: z
    .record(z.string().min(1), z.string())
    .default({})
    .meta({ secret: true })
    .describe('Query parameters for every request, such as an API version.'),
  chatPath: z
    .string()
    .regex(/^\/[^?#\s]*$/)
    .optional()
    .describe(
      'The path of the chat endpoint behind `baseUrl`. Where neither this nor the preset says: `/chat/completions`.',
    ),
  operations: z
    .array(z.enum(SERVED))
    .min(1)
    .optional()
    .describe(
      'What the server serves. Where neither this nor the preset says: `chat`, `embeddings`, `moderation`, `images`, `speech` and `transcription`.',
    ),
  quirks: quirks.optional().describe('How the server differs from the dialect; wins over the preset, field by field.'),
});

export const options = shape.superRefine(({ preset: id, baseUrl, apiKey, headers }, context) => {
  const refuse = (path: string, message: string): void => context.addIssue({ code: 'custom', path: [path], message });
  if (id === undefined) {
    if (baseUrl === undefined) refuse('baseUrl', 'is required where no preset says it');
    return;
  }
  const preset = presetOf(id);
  if (preset === undefined) refuse('preset', unknownPreset(id));
  // At another address, a proxy may have the key.
  else if (preset.keyVariable !== undefined && apiKey === undefined && baseUrl === undefined) {
    const own = (preset.authHeader ?? 'authorization').toLowerCase();
    if (Object.keys(headers).some((name) => name.toLowerCase() === own)) return;
    refuse('apiKey', `is required by ${preset.name}: write "\${env:${preset.keyVariable}}"`);
  }
});

export type Options = z.output<typeof options>;
