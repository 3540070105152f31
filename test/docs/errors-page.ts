/** The page of error codes, as the table of codes has them. */
import type { ErrorCode } from '@gatewright/core';

const INTRODUCTION = `# Errors

Every error that Gatewright itself raises has a code from this table. The client gets it in the form of its own dialect,
under the HTTP status that the table says; an error of the provider keeps the provider's status, type and message. The
reply's \`x-gatewright-request-id\` is also in the log record, where the whole story is.

An error with *yes* under "again" may go away when the same request is sent once more. The gateway has then already
tried what the configuration allows: other targets, and retries.

<!-- Written by \`npm run docs\` from core/src/errors.ts: edit there. -->
`;

/** The whole page. */
export function errorsPage(codes: Readonly<Record<string, ErrorCode>>): string {
  const width = Math.max(0, ...Object.keys(codes).map((code) => code.length + 2));
  const rows = Object.entries(codes).map(([code, { status, retryable, meaning }]) =>
    row([`\`${code}\``.padEnd(width), `${status}`.padEnd(6), (retryable ? 'yes' : 'no').padEnd(5), meaning]),
  );
  const header = row(['code'.padEnd(width), 'status', 'again', 'meaning']);
  const rule = row(['-'.repeat(width), '------', '-----', '-------']);
  return `${INTRODUCTION}\n${[header, rule, ...rows].join('\n')}\n`;
}

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
