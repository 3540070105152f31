/** The call of a dry run: told instead of made. */
import type { Trace, TracedCall } from '../../trace.ts';
import { unused } from '../meter/claims.ts';
import type { LiveAttempt } from './live-attempt.ts';

/** Notes what would be sent, and gives back what was reserved for it. */
export async function explainCall(attempt: LiveAttempt, trace: Trace): Promise<void> {
  const { exchange, service, target } = attempt;
  const targets = exchange.route?.targets ?? [];
  exchange.status = 200;
  trace.call = {
    target: target.id,
    dialect: service.dialect.id,
    body: bodyOrigin(attempt),
    bytes: attempt.body ?? Buffer.alloc(0),
    headers: attempt.headers,
    next: targets.slice(targets.indexOf(target) + 1).map((one) => one.id),
  };
  if (attempt.reserved === undefined) return;
  await exchange.kernel.state?.settle(attempt.id, unused(attempt.reserved));
}

function bodyOrigin({ exchange, service, body, maxOutput }: LiveAttempt): TracedCall['body'] {
  if (exchange.body !== undefined && body === exchange.body.bytes) return 'untouched';
  const own = exchange.dialect === service.dialect && !exchange.requestChanged && maxOutput === undefined;
  return own && service.operation.adjust === undefined ? 'edited' : 'encoded';
}
