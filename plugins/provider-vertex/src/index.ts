/** Calls Vertex AI: where each publisher's models are, with which token, and in which of its dialects. */
import { definePlugin, type Attempt, type ProviderOptions } from '@gatewright/core';
import { Bearer, fixedHeaders, sentHeaders, Upstream } from '@gatewright/core/wire';
import { claudeBody, claudeCountBody, embedBody, geminiCountBody, mistralBody } from './bodies.ts';
import { credentialsOf, type Credentials } from './credentials.ts';
import { originOf } from './location.ts';
import { embedsContent, familyOf, methodPath, predicts, type Family, type ServedOperation } from './model-address.ts';
import { options, type Options } from './options.ts';

/** Whether a model is of a family. */
const of =
  (family: Family) =>
  (model: string): boolean =>
    familyOf(model) === family;

const OPERATIONS: ProviderOptions['operations'] = {
  chat: [
    { dialect: 'gemini-generate', serves: of('gemini') },
    { dialect: 'anthropic-messages', serves: of('anthropic'), adjust: claudeBody },
    { dialect: 'openai-chat', serves: of('open') },
    {
      dialect: 'openai-chat',
      serves: of('mistral'),
      streamUsage: false,
      adjust: (body, _target, context) => mistralBody(body, context),
    },
  ],
  'count-tokens': [
    { dialect: 'gemini-count-tokens', serves: of('gemini'), adjust: geminiCountBody },
    { dialect: 'anthropic-count-tokens', serves: of('anthropic'), adjust: claudeCountBody },
  ],
  embeddings: [
    { dialect: 'gemini-embed', serves: embedsContent, adjust: embedBody },
    { dialect: 'gemini-predict', serves: predicts },
  ],
};

/** Google looks at all credentials: one of the client must not go on. Claude's version stands in the body. */
const OWN = ['x-goog-api-key', 'x-api-key', 'anthropic-version'];

function headersOf(attempt: Attempt, fixed: Record<string, string>, token: string): Record<string, string> {
  const headers = sentHeaders(attempt, fixed, OWN);
  headers['authorization'] = `Bearer ${token}`;
  return headers;
}

/** The path in front of every method. Throws TypeError where nobody says the project. */
function parentOf({ apiVersion, location, project }: Options, credentials: Credentials): string {
  const id = project ?? credentials.project;
  if (id === undefined) {
    throw new TypeError(
      'Nobody says which project to call: set the option "project", as in "${env:GOOGLE_CLOUD_PROJECT}".',
    );
  }
  return `/${apiVersion}/projects/${encodeURIComponent(id)}/locations/${location}`;
}

export default definePlugin({
  name: '@gatewright/provider-vertex',
  version: '0.1.0',
  engine: '^1',
  id: 'vertex',
  options,
  supports: {
    operations: ['chat', 'count-tokens', 'embeddings'],
    streaming: true,
    hooks: ['call'],
    reads: 'bytes',
    mutates: false,
    secrets: true,
    network: [
      'aiplatform.googleapis.com',
      '*-aiplatform.googleapis.com',
      'aiplatform.*.rep.googleapis.com',
      'oauth2.googleapis.com',
      'sts.googleapis.com',
      'iamcredentials.googleapis.com',
      'metadata.google.internal',
    ],
  },
  async setup(context, options) {
    const credentials = await credentialsOf(options);
    const parent = parentOf(options, credentials);
    const baseUrl = options.baseUrl ?? originOf(options.location);
    const upstream = context.share(
      `upstream ${baseUrl}`,
      () => new Upstream({ baseUrl }),
      (pool) => pool.close(),
    );
    const { quotaProject } = credentials;
    const quota = quotaProject === undefined ? {} : { 'x-goog-user-project': quotaProject };
    const fixed = fixedHeaders({ ...quota, ...options.headers });
    const bearer = new Bearer(credentials.tokens, context.clock, Object.values(options.headers));
    context.hooks.call.tap(
      async (attempt, exchange) => {
        const path = parent + methodPath(attempt.target.model, exchange.operation as ServedOperation, attempt.stream);
        const token = await bearer.token();
        return bearer.reply(token, await upstream.send(attempt, { path, headers: headersOf(attempt, fixed, token) }));
      },
      { operations: OPERATIONS },
    );
  },
});
