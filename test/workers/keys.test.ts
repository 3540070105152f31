/** Keys, and calls of admins, with several processes: whoever is asked, all know. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Biller } from '../chaos/biller.ts';
import { Company } from './company.ts';
import { configuration } from './configuration.ts';

const ADMIN = 'sk-admin-planted-0123456789';
const PLUGINS = `
  - { use: '@gatewright/auth-keys', with: { adminKey: ${ADMIN} } }
  - use: '@gatewright/admin-api'`;

let biller: Biller;
let company: Company;

const yaml = (models = ''): string =>
  configuration({ provider: biller.url, plugins: PLUGINS, top: 'reload: { watch: true }', models });

beforeAll(async () => {
  biller = await Biller.start();
  company = await Company.start(yaml());
}, 120_000);

afterAll(async () => {
  await company.close();
  await biller.stop();
});

async function post(path: string, body: unknown, key = ADMIN): Promise<Response> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${key}`, connection: 'close' };
  return fetch(company.url + path, { method: 'POST', headers, body: JSON.stringify(body) });
}

/** The statuses of so many chats, each on a connection of its own. */
async function statuses(key: string, count = 24): Promise<number[]> {
  const messages = [{ role: 'user', content: 'hi' }];
  const body = { model: 'metered', max_tokens: 5, messages };
  const replies = await Promise.all(Array.from({ length: count }, () => post('/v1/chat/completions', body, key)));
  await Promise.all(replies.map((reply) => reply.arrayBuffer()));
  return [...new Set(replies.map(({ status }) => status))];
}

test(
  'a key that one process made is known to all, and dead in all when one has blocked it',
  { timeout: 120_000 },
  async () => {
    const { key } = (await (await post('/key/generate', {})).json()) as { key: string };
    expect(await statuses(key)).toEqual([200]);
    expect((await post('/key/block', { key })).status).toBe(200);
    await company.until(async () => {
      const found = await statuses(key);
      return found.length === 1 && found[0] !== 200 ? true : undefined;
    });
  },
);

test(
  'a reload that one process is asked for reaches all; so does a change of the file',
  { timeout: 120_000 },
  async () => {
    company.write(yaml('  other: { targets: [openai/metered] }'));
    const reply = await post('/config/reload', {});
    const told = (await reply.json()) as { reloaded: boolean; changes: { name: string }[] };
    expect(reply.status).toBe(200);
    // The file is watched as well: who comes second finds nothing changed.
    expect(told.reloaded).toBe(true);
    const models = async (): Promise<string> => {
      const answers = await Promise.all(
        Array.from({ length: 24 }, () =>
          fetch(`${company.url}/v1/models`, { headers: { authorization: `Bearer ${ADMIN}`, connection: 'close' } }),
        ),
      );
      const lists = await Promise.all(answers.map((answer) => answer.json() as Promise<{ data: { id: string }[] }>));
      return [...new Set(lists.map(({ data }) => data.map(({ id }) => id).join()))].join(' and ');
    };
    expect(await models()).toBe('metered,other');
    company.write(yaml('  another: { targets: [openai/metered] }'));
    await company.until(async () => ((await models()) === 'metered,another' ? true : undefined));
    company.write(yaml('  another: { tragets: [openai/metered] }'));
    const refused = await post('/config/reload', {});
    expect(refused.status).toBe(422);
    expect(await refused.text()).toContain('tragets');
  },
);
