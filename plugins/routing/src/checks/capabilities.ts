/** Whether a target can do what a chat asks for: tools, images, documents, sound, structured output. */
import type { ChatRequest, Part, Target } from '@gatewright/core';
import type { Asked } from '../asked.ts';
import { PerList } from '../per-list.ts';
import type { Check, Judgement } from './check.ts';

export const CAPABILITIES = ['tools', 'images', 'documents', 'audio', 'structured-output'] as const;
export type Capability = (typeof CAPABILITIES)[number];

export class CapabilityCheck implements Check {
  readonly name = 'capabilities';
  readonly #of: (target: Target) => readonly Capability[] | undefined;
  /** Whether all of them are taken to do everything. */
  readonly #able: PerList<boolean>;

  /** `of`: all that a target can do; undefined where it says nothing, and is taken to do everything. */
  constructor(of: (target: Target) => readonly Capability[] | undefined) {
    this.#of = of;
    this.#able = new PerList((targets) => targets.every((target) => of(target) === undefined));
  }

  look(targets: readonly Target[], asked: Asked): Judgement | undefined {
    if (asked.operation !== 'chat' || this.#able.of(targets)) return undefined;
    const wanted = wantedBy(asked);
    if (wanted.size === 0) return undefined;
    return (target) => {
      const able = this.#of(target);
      const missing = able === undefined ? [] : [...wanted].filter((one) => !able.includes(one));
      return missing.length === 0 ? undefined : `cannot do ${missing.join(', ')}`;
    };
  }
}

function wantedBy(asked: Asked): ReadonlySet<Capability> {
  try {
    return wantedByChat(asked.request());
  } catch {
    // What is wrong with the request is for others to say.
    return new Set();
  }
}

function wantedByChat({ messages, tools = [], responseFormat }: ChatRequest): ReadonlySet<Capability> {
  const wanted = new Set<Capability>();
  if (tools.length > 0) wanted.add('tools');
  if (responseFormat !== undefined && responseFormat.kind !== 'text') wanted.add('structured-output');
  for (const { parts } of messages) addMedia(parts, wanted);
  return wanted;
}

function addMedia(parts: readonly Part[], wanted: Set<Capability>): void {
  for (const part of parts) {
    if (part.type === 'image') wanted.add('images');
    else if (part.type === 'document') wanted.add('documents');
    else if (part.type === 'audio') wanted.add('audio');
    else if (part.type === 'tool-result') addMedia(part.parts, wanted);
  }
}
