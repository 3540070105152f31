/** Errors are told without the command that they are about. */
import { GatewayError } from '@gatewright/core';
import { expect, test } from 'vitest';
import { told } from './told.ts';

test('keeps the words, and drops the command with the password', () => {
  const command = { name: 'hello', args: ['3', 'AUTH', 'default', 'open-sesame'] };
  const error = Object.assign(new Error('WRONGPASS invalid username-password pair'), { command });
  const safe = told(error) as Error & { command?: unknown };
  expect(safe.message).toBe('WRONGPASS invalid username-password pair');
  expect(safe.command).toBeUndefined();
});

test('leaves errors of the gateway as they are, and says at least the name of an error without words', () => {
  const error = new GatewayError('GW_STATE_UNAVAILABLE', 'Away.');
  expect(told(error)).toBe(error);
  expect((told(new AggregateError([], '')) as Error).message).toBe('AggregateError');
  const refused = Object.assign(new AggregateError([], ''), { code: 'ECONNREFUSED' });
  expect((told(refused) as Error).message).toBe('ECONNREFUSED');
  expect((told('odd') as Error).message).toBe('The client threw something that is no error.');
  expect(told(undefined)).toBeUndefined();
});
