/** Authenticators keep what the testkit asks of everybody's. */
import authStatic from '@gatewright/auth-static';
import { authSuite } from '@gatewright/testkit';
import { describe, test } from 'vitest';
import { manifestOf, templateManifest, templatePlugin } from './manifest.ts';

const template = await templatePlugin('auth');

const KEYS = ['key-of-the-blue-team-7fQ2xLw9', 'key-of-the-red-team-4c1b77f2'] as const;

describe('auth-static', () => {
  authSuite(
    { describe, test },
    {
      plugin: authStatic,
      manifest: manifestOf('auth-static'),
      options: {
        keys: [
          { key: KEYS[0], id: 'blue' },
          { key: KEYS[1], id: 'red' },
        ],
      },
      credentials: KEYS,
      known: [
        { credential: KEYS[0], key: 'blue' },
        { credential: KEYS[1], key: 'red' },
      ],
    },
  );
});

describe('the template', () => {
  authSuite(
    { describe, test },
    {
      plugin: template,
      manifest: templateManifest('auth'),
      options: { keys: [{ key: KEYS[0], team: 'blue' }] },
      credentials: [KEYS[0]],
      known: [{ credential: KEYS[0], key: 'blue' }],
    },
  );
});
