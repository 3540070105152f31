/** What choosing a target may know of a request. */
import { ANONYMOUS, type Exchange } from '@gatewright/core';

/** The part of an exchange that strategies and checks look at. */
export type Asked = Pick<
  Exchange,
  'id' | 'operation' | 'model' | 'stream' | 'headers' | 'identity' | 'body' | 'trace' | 'size' | 'request'
>;

/** A request of nobody in particular, for saying in a plan what would be chosen: a streamed chat of some thousand tokens. */
export function typical(model: string): Asked {
  return {
    id: 'plan',
    operation: 'chat',
    model,
    stream: true,
    headers: {},
    identity: ANONYMOUS,
    body: undefined,
    trace: { steps: [] },
    size: () => ({ bytes: 4000 }),
    request: () => {
      throw new Error('A plan has no request.');
    },
  };
}

/** The value of a header; of several, the first. undefined where there is none, or nothing in it. */
export function headerOf({ headers }: Asked, name: string): string | undefined {
  const value = headers[name];
  const first = Array.isArray(value) ? value[0] : value;
  return first === undefined || first === '' ? undefined : first;
}
