/** How encoders say what a dialect cannot express. */
import type { EncodeContext } from '../../dialect.ts';
import { GatewayError } from '../../errors.ts';
import type { LiveExchange } from '../live-exchange.ts';

/** With `refuse`, an inexpressible field ends the attempt; with `drop`, it becomes a warning that the client gets in a header. */
export function encodeContext(
  exchange: LiveExchange,
  model: string,
  unsupported: 'refuse' | 'drop',
  target?: string,
): EncodeContext {
  const warn = (field: string, reason: string): void => {
    if (exchange.warnings.some((warning) => warning.field === field && warning.reason === reason)) return;
    exchange.warnings.push({ field, reason });
  };
  return {
    model,
    warn,
    // Without a target, an answer is encoded.
    ...(target === undefined ? { request: () => exchange.request() as never } : {}),
    unsupported(field, reason) {
      if (unsupported === 'drop') {
        warn(field, reason);
        return;
      }
      const sentence = reason.endsWith('.') ? reason : `${reason}.`;
      const message = `${target ?? 'The client'} cannot express "${field}": ${sentence}`;
      throw new GatewayError('GW_UNSUPPORTED', message, {
        param: field,
        ...(target === undefined ? {} : { target }),
        help: 'Leave the field out, choose another model, or set `unsupported: drop` on the model or target.',
      });
    },
  };
}
