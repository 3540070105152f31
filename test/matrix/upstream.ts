/** A column of the matrix on the provider's side: a provider plugin, and who reads what it sent. */
import type { Plugin } from '@gatewright/core';
import type { Answer } from './conversation.ts';
import type { Reader } from './reader.ts';

export interface UpstreamDriver {
  /** The plugin's instance id, which is also the name of its model. */
  readonly id: string;
  /** The dialect that the provider is called in. */
  readonly dialect: string;
  readonly plugin: Plugin;
  /** The plugin's options, with `url` as the root of the upstream. */
  options(url: string): Readonly<Record<string, unknown>>;
  /** The model as the upstream knows it. */
  readonly model: string;
  readonly read: Reader;
  /** Whether the fake of this API tells what an answer cost. Where it is not said: always. */
  tellsUsage?(stream: boolean): boolean;
  /** What the fake of this API says, where it cannot say all of an answer, or says more of its own. */
  answers?(answer: Answer, stream: boolean): Answer;
}
