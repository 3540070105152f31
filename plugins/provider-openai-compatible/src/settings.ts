/** What the options come to, once the preset has filled in what they do not say. */
import { fixedHeaders } from '@gatewright/core/wire';
import { USUAL, type ServedOperation } from './operations.ts';
import type { Options } from './options.ts';
import type { Preset } from './presets/preset.ts';
import { presetOf } from './presets/table.ts';
import type { Quirks } from './quirks.ts';

export interface Settings {
  readonly baseUrl: string;
  /** Headers that every request has; names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The path of the chat endpoint behind `baseUrl`. */
  readonly chatPath: string;
  /** With its question mark, or empty. */
  readonly query: string;
  readonly operations: readonly ServedOperation[];
  readonly quirks: Quirks;
}

/** The settings of an instance. The options' own words win over the preset's. Throws TypeError without an address. */
export function settingsOf(options: Options): Settings {
  const preset = options.preset === undefined ? undefined : presetOf(options.preset);
  const baseUrl = options.baseUrl ?? preset?.baseUrl;
  if (baseUrl === undefined) throw new TypeError('There is neither a base URL nor a preset that has one.');
  const query = new URLSearchParams(options.query).toString();
  return {
    baseUrl,
    headers: fixedHeaders(options.headers, credentialOf(options, preset)),
    chatPath: options.chatPath ?? preset?.chatPath ?? '/chat/completions',
    query: query === '' ? '' : `?${query}`,
    operations: options.operations ?? preset?.operations ?? USUAL,
    quirks: { ...preset?.quirks, ...options.quirks },
  };
}

function credentialOf({ apiKey, authHeader, authScheme }: Options, preset: Preset | undefined): Record<string, string> {
  if (apiKey === undefined) return {};
  const header = authHeader ?? preset?.authHeader ?? 'authorization';
  const scheme = authScheme ?? preset?.authScheme ?? 'Bearer';
  return { [header.toLowerCase()]: scheme === '' ? apiKey : `${scheme} ${apiKey}` };
}
