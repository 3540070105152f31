/** Errors of the management surface, in the form that clients of OpenAI's API read. */
import { GatewayError, isGatewayError, toGatewayError } from '@gatewright/core';
import { z } from 'zod';

export const errorAnswer = z.strictObject({
  error: z.strictObject({
    message: z.string(),
    type: z.string(),
    param: z.string().nullable(),
    code: z.string(),
    problems: z
      .array(
        z.strictObject({
          file: z.string().optional(),
          line: z.number().optional(),
          column: z.number().optional(),
          path: z.string(),
          message: z.string(),
          help: z.string().optional(),
          plugin: z.string().optional(),
        }),
      )
      .optional()
      .describe('Of a configuration that was refused: everything that is wrong with it.'),
  }),
});
export type ErrorAnswer = z.output<typeof errorAnswer>;

/** The types of errors, by status; everything else of the client's making is an `invalid_request_error`. */
const TYPES: Readonly<Record<number, string>> = {
  401: 'authentication_error',
  402: 'budget_exceeded',
  403: 'permission_error',
  404: 'not_found_error',
  409: 'conflict_error',
  429: 'rate_limit_error',
};

/** Whether the log should hear of it: what nobody foresaw. */
export function isUnforeseen(error: unknown): boolean {
  return !isGatewayError(error) || error.code === 'GW_INTERNAL';
}

/** What the client is told. Of what nobody foresaw, no more than where the log has it. */
export function toldOf(thrown: unknown, id: string): { readonly status: number; readonly body: ErrorAnswer } {
  const error = toGatewayError(thrown);
  const { status, code, details } = error;
  const known = [error.message, details.help].filter((text) => text !== undefined).join(' ');
  const message = isUnforeseen(thrown)
    ? `The gateway could not handle this request. Its log has the details under ${id}.`
    : known;
  const type = TYPES[status] ?? (status >= 500 ? 'server_error' : 'invalid_request_error');
  const told = { message, type, param: details.param ?? null, code };
  const problems = details.problems?.map(({ position, ...said }) => Object.assign({}, position, said));
  return { status, body: { error: problems === undefined ? told : { ...told, problems } } };
}

/** All that is wrong with what the client sent, each with the name of its field. */
export function badInput(what: string, issues: readonly z.core.$ZodIssue[]): GatewayError {
  const told = issues.flatMap((issue) => {
    const where = issue.path.join('.');
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => `${where === '' ? key : `${where}.${key}`}: is not supported`);
    }
    return [`${where === '' ? what : where}: ${issue.message}`];
  });
  const [first] = issues;
  const key = first?.code === 'unrecognized_keys' ? first.keys[0] : undefined;
  const param = [...(first?.path ?? []), ...(key === undefined ? [] : [key])].join('.');
  return new GatewayError('GW_BAD_REQUEST', `${told.join('; ')}.`, param === '' ? {} : { param });
}

export const notFound = (what: string, id: string): GatewayError =>
  new GatewayError('GW_NOT_FOUND', `There is no ${what} "${shortened(id)}".`);

/** What a client sent stands in an answer only so far as it is no secret. */
export function shortened(text: string): string {
  return text.startsWith('sk-') ? `sk-...${text.length > 24 ? text.slice(-4) : ''}` : text.slice(0, 128);
}
