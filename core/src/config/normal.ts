/** The one form that every configuration is brought into: validated, with defaults, plugins loaded, secrets expanded. */
import type { IsolationLimits } from '../isolation/limits.ts';
import type { OnError } from '../hooks/tap.ts';
import type { Plugin } from '../plugin.ts';
import type { RunningConfig } from './running.ts';
import type { Target } from '../route.ts';
import type { ServiceName } from '../services.ts';
import type { FailurePlan } from './call-settings.ts';
import type { LoadLimits } from './load-settings.ts';

/** Where a piece of the configuration stands. */
export interface SourcePosition {
  /** The file as people should see it (relative to the working directory), or undefined for a config given as an object. */
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  /** The path inside the configuration: `plugins[2].with.apiKey`. */
  readonly path: string;
}

/** Something wrong with the configuration, said so that a stranger can mend it. */
export interface Problem {
  readonly position: SourcePosition;
  readonly message: string;
  /** What to do. */
  readonly help?: string;
  /** The id of the plugin that it concerns. */
  readonly plugin?: string;
  /** The service that nobody provides, where it is that. */
  readonly service?: ServiceName;
}

export interface NormalPlugin {
  /** What the config said: a package name, a path, or '(inline)' for a plugin given as a value. */
  readonly use: string;
  /** The config's `id`, or the plugin's own default. Unique. */
  readonly id: string;
  readonly plugin: Plugin;
  /** The options as the plugin's schema parsed them. */
  readonly options: unknown;
  /** The file that it was loaded from; undefined for a plugin given as a value. */
  readonly file?: string;
  /** Set where it runs in a thread of its own. */
  readonly isolate?: IsolationLimits;
  /** What a failure of its hooks does to the exchange; where the configuration says it. */
  readonly onError?: OnError;
  /** Milliseconds that each of its hooks may take; where the configuration says it. */
  readonly timeout?: number;
  readonly position: SourcePosition;
}

/** A plugin entry that its `if:` switched off; shown by `plan`. */
export interface SkippedEntry {
  readonly what: string;
  readonly condition: string;
  readonly position: SourcePosition;
}

/** What a model or a target says to single plugins, by their ids, as their own schemas parsed it. */
export type PluginSettings = Readonly<Record<string, unknown>>;

export interface NormalTarget extends Omit<Target, 'id' | 'of'> {
  readonly position: SourcePosition;
}

export interface NormalModel {
  /** A name, or a pattern with one `*`. */
  readonly name: string;
  readonly aliases: readonly string[];
  /** By which keys may be allowed to use it. */
  readonly groups?: readonly string[] | undefined;
  readonly targets: readonly NormalTarget[];
  /** Names of models whose targets are tried when this one's have failed, in order. */
  readonly fallbacks: readonly string[];
  readonly onFailure?: FailurePlan;
  /** What model lists should say of it. */
  readonly info?: ModelInfo;
  /** By the plugins' `modelOptions`. */
  readonly with?: PluginSettings | undefined;
  readonly position: SourcePosition;
}

/** What the configuration says of a model besides who serves it. */
export interface ModelInfo {
  readonly name?: string;
  readonly contextWindow?: number;
  readonly maxOutput?: number;
}

export interface Limits {
  /** Bytes of a request body. */
  readonly body: number;
  /** Milliseconds for a request body to arrive. */
  readonly bodyTimeout: number;
  /** Bytes of a request body that is a form. */
  readonly upload: number;
  /** Milliseconds for a form to arrive. */
  readonly uploadTimeout: number;
  /** Bytes of all request headers. */
  readonly headers: number;
  /** Levels that a JSON body may nest. */
  readonly depth: number;
  /** Bytes of a whole reply that the gateway keeps in memory. */
  readonly reply: number;
  /** Bytes of a reply that is passed on as it comes. */
  readonly stream: number;
  /** Bytes of one event of a streamed reply. */
  readonly event: number;
}

export interface NormalConfig extends RunningConfig {
  /** The absolute path of the file, where there is one. */
  readonly file?: string;
  readonly listen: { readonly host: string; readonly port: number };
  readonly plugins: readonly NormalPlugin[];
  readonly models: readonly NormalModel[];
  readonly skipped: readonly SkippedEntry[];
  /** What should be mended, and stops nobody yet. */
  readonly notices?: readonly Problem[];
  readonly limits: Limits;
  /** Absent: the gateway takes on whatever comes. */
  readonly load?: LoadLimits;
  /** Milliseconds. */
  readonly timeouts: { readonly setup: number; readonly hook: number; readonly drain: number };
}
