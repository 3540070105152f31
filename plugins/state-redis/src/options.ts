/** The options of the plugin, as the configuration gives them. */
import { secret } from '@gatewright/core';
import { z } from 'zod';

const node = z.strictObject({
  host: z.string().min(1).describe('Host name or address.'),
  port: z.int().min(1).max(65_535).default(6379).describe('TCP port.'),
});

const tls = z.strictObject({
  ca: z.string().optional().describe('The certificate of the authority that signed the server’s, as PEM text.'),
  cert: z.string().optional().describe('The certificate that this client shows, as PEM text.'),
  key: secret().optional().describe('The key of that certificate, as PEM text.'),
  servername: z.string().optional().describe('The name that the server’s certificate must be for. Default: the host.'),
});

const sentinel = z.strictObject({
  nodes: z
    .array(
      z.strictObject({ host: node.shape.host, port: node.shape.port.unwrap().default(26_379).describe('TCP port.') }),
    )
    .min(1)
    .describe('The sentinels, of which at least one must answer.'),
  name: z.string().min(1).default('mymaster').describe('What the sentinels call the primary.'),
  username: z.string().min(1).optional().describe('The user of an ACL of the sentinels.'),
  password: secret().optional().describe('The password of the sentinels.'),
  tls: z.union([z.boolean(), tls]).default(false).describe('TLS to the sentinels: `true`, or certificates.'),
});

export const options = z
  .strictObject({
    url: z
      .string()
      .regex(/^rediss?:\/\/[^@]+$/, 'must be redis://host:port or rediss://host:port, without a password')
      .default('redis://127.0.0.1:6379')
      .describe('The server: `redis://host:port/db`; `rediss://` for TLS. The password has an option of its own.'),
    cluster: z
      .array(node)
      .min(1)
      .optional()
      .describe('Nodes of a Redis Cluster, of which at least one must answer. Replaces `url`.'),
    sentinel: sentinel
      .optional()
      .describe(
        'Sentinels that know which server is the primary. Replaces `url`; the server’s own login stays beside it.',
      ),
    db: z.int().min(0).max(1000).default(0).describe('The number of the database, where sentinels name the server.'),
    username: z.string().min(1).optional().describe('The user of an ACL.'),
    password: secret().optional().describe('The password of the server or of the user.'),
    tls: z
      .union([z.boolean(), tls])
      .optional()
      .describe('TLS to the server or to the cluster’s nodes: `true`, or certificates. `rediss://` asks for it too.'),
    prefix: z
      .string()
      .regex(/^[\w.-]+$/, 'may have letters, digits, ".", "_" and "-"')
      .default('gatewright')
      .describe('What all keys begin with. Gateways with the same prefix share their budgets.'),
    ledger: z
      .enum(['one-slot', 'by-tenant'])
      .default('one-slot')
      .describe(
        'Where the counters of a cluster are: all in one slot, in one atomic step; or spread by organisation, team, user or key, in one step per slot.',
      ),
    lease: z
      .int()
      .min(300)
      .default(15_000)
      .describe(
        'Milliseconds after which a process that was not heard of counts as dead. It is heard of every third of that time.',
      ),
    commandTimeout: z
      .int()
      .min(10)
      .default(1000)
      .describe('Milliseconds that Redis may take to answer; an exchange waits no longer.'),
    connectTimeout: z.int().min(10).default(5000).describe('Milliseconds that connecting may take.'),
    storeTimeout: z
      .int()
      .min(10)
      .default(2000)
      .describe('Milliseconds that reading what a budget had spent may take, when it is first asked for.'),
    remember: z
      .int()
      .min(60_000)
      .default(3_600_000)
      .describe('Milliseconds for which a settled hold is remembered, so that settling it again changes nothing.'),
    drainTimeout: z
      .int()
      .min(0)
      .default(10_000)
      .describe('Milliseconds that a stopping gateway waits for holds to be settled.'),
    budgetsWithoutStore: z
      .enum(['refuse', 'zero'])
      .default('refuse')
      .describe(
        'Where no store tells what a budget had spent: `refuse` budgets, or begin at `zero`, also after Redis lost its data.',
      ),
  })
  .refine(
    ({ cluster, sentinel: watched }) => cluster === undefined || watched === undefined,
    'must name a cluster or sentinels, not both',
  );

export type StateRedisOptions = z.output<typeof options>;
