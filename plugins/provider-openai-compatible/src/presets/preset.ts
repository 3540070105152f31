/** What is known of a vendor whose API speaks OpenAI's dialects. */
import type { ServedOperation } from '../operations.ts';
import type { Quirks } from '../quirks.ts';

export interface Preset {
  /** The name that the option `preset` takes: lower case, digits, hyphens. */
  readonly id: string;
  /** The name of the vendor, for people. */
  readonly name: string;
  /** Where the API is, without a slash at the end. */
  readonly baseUrl: string;
  /** The environment variable that usually has the key; only said in documentation and errors. None: no key is needed. */
  readonly keyVariable?: string;
  /** The header that carries the key, where it is not `authorization`. */
  readonly authHeader?: string;
  /** The word before the key, where it is not `Bearer`. */
  readonly authScheme?: string;
  /** The path of the chat endpoint, where it is not `/chat/completions`. */
  readonly chatPath?: string;
  readonly operations: readonly [ServedOperation, ...ServedOperation[]];
  /** How the vendor's API differs from the dialect. */
  readonly quirks?: Quirks;
  /** The vendor's own pages, to read on. */
  readonly docs?: string;
  /** Where the facts were read: the vendor's documentation and SDKs, or a public catalogue. */
  readonly sources: readonly [string, ...string[]];
  /** The day on which they were read, as YYYY-MM-DD. */
  readonly checked: string;
  /** `recording`: a test replays answers that were recorded at the vendor; `documentation`: read, not tried. */
  readonly verified: 'recording' | 'documentation';
}
