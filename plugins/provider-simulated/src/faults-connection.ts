/** Faults in which no good reply begins: connections, errors, floods. */
import type { Delivery } from './delivery.ts';
import type { Fault, FaultContext } from './faults.ts';
import type { Failure } from './wire.ts';

/** How many tokens the model says it can take, when it says that a prompt was too long. */
const CONTEXT_WINDOW = 8192;

export const CONNECTION_FAULTS: readonly Fault[] = [
  {
    form: 'error-NNN',
    pattern: /^error-([45]\d\d)$/,
    what: 'An error reply with the status NNN (400 to 599).',
    change: (delivery, status, context) =>
      errorReply(delivery, context, { status, message: `A simulated error with status ${status}.` }),
  },
  {
    form: 'error-400-context',
    pattern: /^error-400-context$/,
    what: 'An error reply with status 400: the prompt is too long for the model.',
    change: (delivery, _n, context) =>
      errorReply(delivery, context, {
        status: 400,
        message: `prompt is too long: ${context.inputTokens + CONTEXT_WINDOW} tokens > ${CONTEXT_WINDOW} maximum`,
        param: 'messages',
        tooLong: true,
      }),
  },
  {
    form: 'html-502',
    pattern: /^html-502$/,
    what: 'A reply with status 502 and a page of HTML, as a proxy in between would send it.',
    change: (delivery) => ({
      ...replyOf(
        delivery,
        '<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>Bad Gateway</body>\r\n</html>\r\n',
      ),
      status: 502,
      headers: { 'content-type': 'text/html' },
    }),
  },
  {
    form: 'flaky-N',
    pattern: /^flaky-(\d{1,3})$/,
    what: 'The first N calls with the same body fail with status 503, the next succeeds; then it begins anew.',
    change: (delivery, times, context) =>
      context.failsFirst(times)
        ? errorReply(delivery, context, { status: 503, message: 'A simulated overload; try again.' })
        : delivery,
  },
  {
    form: 'retry-after-N',
    pattern: /^retry-after-(\d{1,5})$/,
    what: 'The error reply that another fault makes carries `retry-after: N` (seconds).',
    change: (delivery, seconds) =>
      delivery.status < 400
        ? delivery
        : { ...delivery, headers: { ...delivery.headers, 'retry-after': String(seconds) } },
  },
  {
    form: 'refuse-connection',
    pattern: /^refuse-connection$/,
    what: 'No connection comes about.',
    change: (delivery) => ({ ...delivery, head: 'refused' }),
  },
  {
    form: 'hang',
    pattern: /^hang$/,
    what: "The head of the reply never comes; the target's `headers` timeout ends it.",
    change: (delivery) => ({ ...delivery, head: 'silence' }),
  },
];

/** An error reply with a body in the dialect's own form. Errors come fast: nothing is generated. */
export function errorReply(delivery: Delivery, { wire }: Pick<FaultContext, 'wire'>, failure: Failure): Delivery {
  const { [wire.idHeader]: id = '' } = delivery.headers;
  return {
    ...replyOf(delivery, wire.failure(failure)),
    status: failure.status,
    headers: { 'content-type': 'application/json', [wire.idHeader]: id },
  };
}

function replyOf(delivery: Delivery, text: string): Delivery {
  return { ...delivery, wait: 0, pause: 0, pieces: [{ kind: 'content', text, tokens: 0 }], ending: 'end' };
}
