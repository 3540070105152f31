/** An explanation as a page for people. */
import { table } from '../table.ts';
import type { Colors } from '../terminal.ts';
import type { Explanation } from './explanation.ts';

interface Page {
  readonly colors: Colors;
  readonly width: number;
}

/** How much of a body is shown, in lines. */
const LINES = 40;

/** Headers of a reply that tell something; the others are plumbing. */
const TELLING = /^(?:x-gatewright-(?!request-id)|retry-after$|www-authenticate$)/;

export function explanationPage(explanation: Explanation, page: Page): string {
  const { request } = explanation;
  const { colors } = page;
  const size = `${request.bytes === 0 ? '' : `, ${request.bytes} bytes`}${request.stream ? ', streamed' : ''}`;
  const title = `${colors.bold(`${request.method} ${request.path}`)}  ${request.operation} in ${request.dialect}${size}`;
  const sections = [[title], steps(explanation, page), call(explanation, page), reply(explanation, page)];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

function steps({ steps }: Explanation, { colors, width }: Page): string[] {
  if (steps.length === 0) return ['No plugin had a turn.'];
  const head = ['hook', 'plugin', 'ms', 'what it made of it'].map((cell) => colors.dim(cell));
  const rows = steps.flatMap(({ hook, plugin, duration, result, notes = [] }) => {
    const failed = result.startsWith('GW_');
    const row = [hook, plugin, duration.toFixed(2), failed ? colors.red(result) : result];
    return [row, ...notes.map((note) => ['', '', '', colors.dim(`· ${note}`)])];
  });
  return table([head, ...rows], { indent: 2, width });
}

const ORIGINS = {
  untouched: "the client's own bytes",
  edited: "the client's own bytes, edited in place",
  encoded: 'written anew',
} as const;

function call({ call, later }: Explanation, { colors, width }: Page): string[] {
  if (call === undefined) return [];
  const rows = [
    ['would go to', colors.green(call.target)],
    ['as', `${call.bytes} bytes of ${call.dialect}, ${ORIGINS[call.body]}`],
    ...Object.entries(call.headers).map(([name, value]) => ['with', `${name}: ${value}`]),
    ['if that fails', call.next.length === 0 ? 'there is no other target' : call.next.join(', then ')],
    ...later.map(({ hook, plugins }, index) => [index === 0 ? 'afterwards' : '', `${hook}: ${plugins.join(', ')}`]),
  ];
  return [...table(rows, { indent: 2, width }), '', ...content(call.content, colors)];
}

function reply({ reply }: Explanation, { colors, width }: Page): string[] {
  if (reply === undefined) return [];
  const failed = reply.status >= 400;
  const title = `${failed ? 'refused' : 'answered'} with HTTP ${reply.status}, and no target called`;
  const telling = Object.entries(reply.headers).filter(([name]) => TELLING.test(name));
  const rows = telling.map(([name, value]) => [name, String(value)]);
  const lines = [`  ${failed ? colors.red(title) : colors.green(title)}`, ...table(rows, { indent: 2, width })];
  return [...lines, '', ...content(reply.content, colors)];
}

function content(value: unknown, colors: Colors): string[] {
  const text = typeof value === 'string' ? value : JSON.stringify(value, undefined, 2);
  const lines = text.split('\n').map((line) => `  ${line}`);
  if (lines.length <= LINES) return lines;
  return [...lines.slice(0, LINES), colors.dim(`  … ${lines.length - LINES} more lines; --json shows all`)];
}
