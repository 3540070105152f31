/** Exchanges and attempts as an isolated plugin has them: what was sent of them, and a clear refusal of the rest. */
import type { Attempt } from '../attempt.ts';
import type { Abort } from '../abort.ts';
import { GatewayError } from '../errors.ts';
import type { Exchange } from '../exchange.ts';
import type { AttemptView, ExchangeView } from './protocol.ts';

/** Throws: the plugin asked for something that does not leave the gateway's own thread. */
export function refused(what: string): never {
  throw new GatewayError('GW_PLUGIN_CONTRACT', `An isolated plugin cannot use ${what}.`, {
    help: 'Take `isolate` off its entry, if you trust it.',
  });
}

/** What only the gateway's own thread has of an exchange. */
const ABSENT = [
  'surface',
  'parent',
  'body',
  'route',
  'attempts',
  'warnings',
  'timings',
  'error',
  'trace',
  'slots',
] as const;
const FORBIDDEN = ['identify', 'setReplyHeader', 'size', 'request', 'spawn'] as const;

/** What is refused stands on the prototype: on each exchange, it would cost more than all the rest of a hook. */
class GuestExchange {
  readonly #abort: Abort;
  readonly dialect = undefined;

  constructor(view: ExchangeView, abort: Abort) {
    this.#abort = abort;
    Object.assign(this, view);
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  onAbort(listener: (reason: Error) => void): () => void {
    return this.#abort.onAbort(listener);
  }
}

for (const name of ABSENT) {
  Object.defineProperty(GuestExchange.prototype, name, { get: () => refused(`exchange.${name}`) });
}
for (const name of FORBIDDEN) {
  Object.defineProperty(GuestExchange.prototype, name, { value: () => refused(`exchange.${name}()`) });
}

export function guestExchange(view: ExchangeView, abort: Abort): Exchange {
  return new GuestExchange(view, abort) as unknown as Exchange;
}

export function guestAttempt(view: AttemptView, exchange: Exchange, abort: Abort): Attempt {
  const { body } = view;
  return {
    ...view,
    exchange,
    body: body === undefined ? undefined : Buffer.from(body.buffer, body.byteOffset, body.byteLength),
    get signal() {
      return abort.signal;
    },
    onAbort: (listener) => abort.onAbort(listener),
    onSettled: () => refused('attempt.onSettled()'),
    reserved: undefined,
    outcome: undefined,
  };
}
