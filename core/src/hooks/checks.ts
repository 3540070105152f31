/** What the result of each hook must look like. */
import { LazyRoute } from '../lazy-route.ts';
import type { ResultCheck } from './tap.ts';

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** Hooks that give back what they are given, changed or not. */
const CHANGING: ReadonlySet<string> = new Set(['transform.request', 'transform.response']);

/** The check of a tap: a plugin that says that it changes nothing has to give back the very thing that it was given. */
export function checkOf(hook: HookName, mutates: boolean | undefined): ResultCheck {
  if (mutates !== false || !CHANGING.has(hook)) return RESULT_CHECKS[hook];
  return (result, given) => (result === given ? undefined : 'what it was given itself, for it says `mutates: false`');
}

/** Answers with what was expected where a result is wrong. */
export const RESULT_CHECKS = {
  auth: (result) =>
    result === undefined || result === null || (isObject(result) && typeof result['key'] === 'string')
      ? undefined
      : 'an identity with a string `key`, or undefined',
  route: (result) =>
    result instanceof LazyRoute || (isObject(result) && Array.isArray(result['targets']))
      ? undefined
      : 'a route with `targets`',
  'transform.request': (result) => (isObject(result) ? undefined : 'the request, changed or not'),
  'transform.response': (result) => (isObject(result) ? undefined : 'the response, changed or not'),
  'transform.event': (result) =>
    isObject(result) && typeof result['event'] === 'function' && typeof result['end'] === 'function'
      ? undefined
      : 'an object with the functions `event` and `end`',
  'call.answer': (result) => (result === undefined || result === null ? undefined : checkReply(result)),
  call: (result) => checkReply(result),
  'meter.reserve': (result) =>
    result === undefined || result === null || (isObject(result) && Array.isArray(result['claims']))
      ? undefined
      : 'an object with `claims`, or undefined',
  'meter.settle': () => undefined,
  log: () => undefined,
} satisfies Record<string, ResultCheck>;

export type HookName = keyof typeof RESULT_CHECKS;

function checkReply(result: unknown): string | undefined {
  if (!isObject(result)) return 'a reply';
  if (isObject(result['response'])) return undefined;
  const body = result['body'];
  const isWire = typeof result['status'] === 'number' && isObject(result['headers']) && isObject(body);
  return isWire && typeof body['pipe'] === 'function' ? undefined : 'a reply with `status`, `headers` and `body`';
}
