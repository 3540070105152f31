/** The kinds of plugins that there are templates for. */

/** The names of the template folders, with what such a plugin is for. */
export const KINDS = {
  provider: 'calls an API of models',
  dialect: 'a wire format that clients or providers speak',
  middleware: 'changes requests and answers, or HTTP itself',
  guard: 'refuses or masks what must not pass',
  router: 'chooses and orders the targets of a request',
  cache: 'answers without a provider',
  auth: 'says who is calling',
  sink: 'is told of every finished exchange',
  store: 'keeps keys, teams and usage for good',
  state: 'counts what is spent and held',
} as const;

export type Kind = keyof typeof KINDS;

export const isKind = (word: string): word is Kind => Object.hasOwn(KINDS, word);
