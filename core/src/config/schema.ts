/** What may stand in a configuration: the schema of `gatewright.yaml` and `defineConfig`. */
import { z } from 'zod';
import { DEFAULT_MAX_DEPTH } from '../json/outline.ts';
import { isPlugin, type Plugin } from '../plugin.ts';
import { callSettings, failureSettings, spareSettings } from './call-settings.ts';
import { load } from './load-settings.ts';
import { onClientGone } from './client-gone.ts';
import { duration, size } from './measure.ts';
import { isolation } from './isolation.ts';
import { running } from './running.ts';

const condition = z
  .union([z.string(), z.boolean()])
  .optional()
  .describe('Switches the entry on only where this holds: `env.NAME`, `!env.NAME`, `env.NAME == "value"`, `&&`, `||`.');

// How targets are called. May stand at the top, on a model and on a target; the nearest one counts.
const settings = {
  ...callSettings,
  unsupported: z
    .enum(['refuse', 'drop'])
    .optional()
    .describe(
      'What happens with a field of the request that the target cannot express: refuse the request, or drop the field with a warning header. Default refuse.',
    ),
  reports: z
    .enum(['upstream', 'requested'])
    .optional()
    .describe(
      'Which model name the reply shows: the one that the provider reports, or the one that the client asked for. Default upstream.',
    ),
  rescue: z
    .enum(['error', 'resume', 'hold'])
    .optional()
    .describe(
      'What becomes of a streamed chat that breaks after its content began: `error` ends it with an error event; `resume` asks the next target to go on (never with structured output, or once there are tool calls or signed reasoning); `hold` sends nothing before the answer is whole, so that another target can still give all of it. Default error.',
    ),
  onClientGone,
  keepAlive: z
    .union([z.literal('off').transform(() => 0), duration()])
    .optional()
    .describe(
      'How long a stream may be without content before the client gets a comment, which keeps proxies from hanging up. From the first comment on, failures are told in the stream and no longer by the status. `off` for none. Default 25s.',
    ),
};

/** The settings where the configuration says nothing. */
export const SETTINGS = {
  unsupported: 'refuse',
  reports: 'upstream',
  rescue: 'error',
  onClientGone: 'cancel',
  // Common proxies hang up after 30 to 60 seconds of silence.
  keepAlive: 25_000,
} as const;

export const pluginEntry = z.strictObject({
  use: z
    .custom<string | Plugin>((value) => (typeof value === 'string' ? value !== '' : isPlugin(value)), {
      error: (issue) => (issue.input === undefined ? undefined : 'must be a package name, a path, or a plugin'),
    })
    .describe('The plugin: a package name, or a path relative to this file. In TypeScript also the plugin itself.'),
  id: z
    .string()
    .regex(/^[A-Za-z0-9][\w.-]*$/, { error: 'must be made of letters, digits, ".", "-" and "_"' })
    .optional()
    .describe("The name of this instance, by which targets and orders refer to it. Default: the plugin's own."),
  if: condition,
  onError: z
    .enum(['refuse', 'skip'])
    .optional()
    .describe(
      "What happens where one of the plugin's hooks throws, returns nonsense or takes too long: the request is refused, or goes on as if the plugin were not there. What a plugin refuses on purpose stays refused, and a provider's call is never skipped. Default refuse; failures of `meter.settle` and `log` never end a request.",
    ),
  timeout: duration()
    .optional()
    .describe("How long each of the plugin's hooks may take. Default: what the plugin says, else `hookTimeout`."),
  isolate: isolation,
  with: z.record(z.string(), z.unknown()).nullish().describe("The plugin's options."),
});

const ofPlugins = z
  .record(z.string(), z.unknown())
  .nullish()
  .describe('What is said here to single plugins, by their ids: each plugin says in its README what it takes.');

const ONE_STAR = 'can have one "*" at most';
const oneStar = (name: string): boolean => name.indexOf('*') === name.lastIndexOf('*');

const shortTarget = z
  .string()
  .regex(/^[^/\s]+\/\S+$/, { error: 'must be "provider/model"' })
  .transform((text) => ({ provider: text.slice(0, text.indexOf('/')), model: text.slice(text.indexOf('/') + 1) }));

const target = z.strictObject({
  provider: z.string().min(1).describe("The id of the provider plugin's instance."),
  model: z.string().min(1).describe("The provider's own name of the model."),
  weight: z
    .number()
    .min(0)
    .max(1_000_000)
    .prefault(1)
    .describe('The share of first tries among the targets of this model.'),
  ...settings,
  with: ofPlugins,
  if: condition,
});

const modelEntry = z.strictObject({
  // Entries that `if` switched off are left as holes, so that all others keep their index.
  targets: z
    .array(z.union([shortTarget, target]).optional())
    .describe(
      'Who serves the model: `provider/model`, or an object. With several, the weights decide who is tried first.',
    ),
  aliases: z
    .array(z.string().min(1).refine(oneStar, { error: ONE_STAR }))
    .prefault([])
    .describe('Other names by which clients may ask for the model.'),
  groups: z
    .array(z.string().regex(/^[\w.-]+$/, { error: 'must be made of letters, digits, ".", "-" and "_"' }))
    .prefault([])
    .describe('Groups that it is in: whoever may use `@premium` may use all models of the group `premium`.'),
  fallbacks: z
    .array(z.string())
    .prefault([])
    .describe('Names of models whose targets are tried when all of this one have failed, in order.'),
  ...spareSettings,
  info: z
    .strictObject({
      name: z.string().min(1).optional().describe('A name for people.'),
      contextWindow: z.int().min(1).optional().describe('How many tokens fit into it, input and output together.'),
      maxOutput: z.int().min(1).optional().describe('The most output tokens of one answer.'),
    })
    .optional()
    .describe(
      'What model lists say of it. What is not said here is taken from the catalogue of prices, where there is one.',
    ),
  ...settings,
  ...failureSettings,
  with: ofPlugins,
  if: condition,
});

const listen = z.strictObject({
  host: z.string().min(1).prefault('127.0.0.1').describe('The address to listen on; 0.0.0.0 for all of IPv4.'),
  port: z.int().min(0).max(65_535).prefault(4000).describe('The port to listen on; 0 for any free one.'),
});

const limits = z.strictObject({
  body: size().prefault('32mb').describe('The longest request body.'),
  bodyTimeout: duration().prefault('30s').describe('How long a request body may take to arrive.'),
  upload: size()
    .prefault('256mb')
    .describe('The longest request body that is a form with files; they are kept on disk.'),
  uploadTimeout: duration().prefault('5m').describe('How long a form may take to arrive.'),
  headers: size().prefault('16kib').describe('The most bytes of request headers.'),
  depth: z.int().min(1).max(10_000).prefault(DEFAULT_MAX_DEPTH).describe('The most levels that a JSON body may nest.'),
  reply: size().prefault('64mb').describe('The longest reply that is kept in memory as a whole.'),
  stream: size().prefault('256mb').describe('The longest reply that is passed on as it comes.'),
  event: size().prefault('32mb').describe('The longest event of a streamed reply.'),
});

/** The whole configuration. */
export const gatewaySchema = z.strictObject({
  $schema: z.string().optional().describe('The JSON Schema, for editors.'),
  listen: listen.prefault({}).describe('Where clients connect.'),
  plugins: z.array(pluginEntry.optional()).prefault([]).describe('The plugins, in the order in which their hooks run.'),
  models: z
    .record(z.string().min(1).refine(oneStar, { error: ONE_STAR }), modelEntry.optional())
    .prefault({})
    .describe(
      'The models that clients may ask for, by name. A `*` in a name stands for anything, and for the same in the model names of its targets: `acme/*` with the target `acme/*`.',
    ),
  ...settings,
  ...failureSettings,
  load: load.optional().describe('How much the gateway takes on at once, before it sends requests away.'),
  limits: limits.prefault({}).describe('What clients may send.'),
  ...running,
  setupTimeout: duration().prefault('10s').describe('How long the setup of one plugin may take.'),
  hookTimeout: duration()
    .prefault('30s')
    .describe('How long one tap of a hook may take, unless it says otherwise itself.'),
  drainTimeout: duration()
    .prefault('30s')
    .describe('How long exchanges under way may take to end at shutdown or reload.'),
});

/** A configuration as people write it. */
export type GatewayConfig = z.input<typeof gatewaySchema>;
/** A plugin in a configuration. Made by `use()` where its options should be checked by the compiler. */
export type PluginEntry = z.input<typeof pluginEntry>;
/** A model in a configuration. */
export type ModelConfig = z.input<typeof modelEntry>;
