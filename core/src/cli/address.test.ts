/** Tests of addresses: how they are written, and what is said where one cannot be had. */
import { describe, expect, test } from 'vitest';
import { isLoopback, listenFailure, urlOf } from './address.ts';
import { CommandFailure } from './failure.ts';

test.each([
  ['127.0.0.1', 'http://127.0.0.1:4000'],
  ['0.0.0.0', 'http://localhost:4000'],
  ['::', 'http://localhost:4000'],
  ['::1', 'http://[::1]:4000'],
  ['gateway.internal', 'http://gateway.internal:4000'],
])('%s is typed as %s', (host, url) => {
  expect(urlOf(host, 4000)).toBe(url);
});

test.each([
  ['127.0.0.1', true],
  ['127.8.8.8', true],
  ['::1', true],
  ['localhost', true],
  ['0.0.0.0', false],
  ['::', false],
  ['10.0.0.7', false],
])('%s is reachable by this machine only: %s', (host, only) => {
  expect(isLoopback(host)).toBe(only);
});

describe('what is said where it cannot be listened', () => {
  const said = (code: string, host = '127.0.0.1', port = 4000): [string, string | undefined] => {
    const failure = listenFailure(Object.assign(new Error('listen'), { code }), host, port);
    if (failure instanceof CommandFailure) return [failure.message, failure.help];
    throw new Error('no failure for people');
  };

  test('the port is in use', () => {
    expect(said('EADDRINUSE')).toEqual([
      'Cannot listen on 127.0.0.1:4000: the port is in use.',
      'stop the program that uses it, or take another port: --port 4001',
    ]);
  });

  test('no permission', () => {
    expect(said('EACCES', '0.0.0.0', 80)).toEqual([
      'Cannot listen on 0.0.0.0:80: no permission.',
      'ports below 1024 are reserved; take a higher one: --port 4000',
    ]);
    expect(said('EACCES', '0.0.0.0', 8080)[1]).toBe('take another port: --port 4000');
  });

  test('no such address', () => {
    expect(said('EADDRNOTAVAIL', 'fe80::1')[0]).toBe(
      'Cannot listen on [fe80::1]:4000: this machine has no such address.',
    );
  });

  test('no such name', () => {
    expect(said('ENOTFOUND', 'gatway')).toEqual([
      'Cannot listen on gatway:4000: the name "gatway" is not known.',
      'use an IP address',
    ]);
  });

  test('anything else is left as it is', () => {
    const error = new Error('out of memory');
    expect(listenFailure(error, 'x', 1)).toBe(error);
  });
});
