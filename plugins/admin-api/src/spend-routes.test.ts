/** Money through the management surface: budgets that refuse, reports that add up, corrections that count once. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startRig, until, type Rig } from './rig.test.kit.ts';

interface Standing {
  scope: string;
  spent: string;
  reserved: string;
  remaining: string;
}

let rig: Rig;
let key: string;
let token: string;
beforeAll(async () => {
  rig = await startRig();
  await rig.admin('POST', '/user/new', { user_id: 'ada', auto_create_key: false });
  await rig.admin('POST', '/team/new', {
    team_id: 'core team',
    team_alias: 'Core',
    max_budget: 10,
    budget_duration: '1mo',
    members_with_roles: [{ user_id: 'ada', role: 'user' }],
  });
  const fields = { team_id: 'core team', user_id: 'ada', tags: ['house'], max_budget: 1 };
  const { body } = await rig.admin('POST', '/key/generate', fields);
  key = body['key'] as string;
  token = body['token'] as string;
});
afterAll(() => rig.close());

const standing = async (): Promise<Standing[]> => {
  const { body } = await rig.admin('GET', `/key/info?key=${token}`);
  return (body['info'] as { budget_status: Standing[] }).budget_status;
};
const report = async (by: string, more = ''): Promise<Record<string, unknown>[]> =>
  (await rig.admin('GET', `/global/spend/report?group_by=${by}${more}`)).body as unknown as Record<string, unknown>[];
const nanos = (exact: unknown): bigint => {
  const [, sign = '', whole = '', fraction = ''] = /^(-?)(\d+)\.(\d+)$/.exec(exact as string) ?? [];
  return BigInt(`${sign}${whole}${fraction.padEnd(9, '0')}`);
};

let asked = 0;
test('what is spent shows at once, with nothing reserved, until the budget refuses', async () => {
  let status = 200;
  while (status === 200 && asked < 100) {
    status = (await rig.chat(key)).status;
    if (status === 200) asked++;
  }
  expect([status, asked > 0]).toEqual([402, true]);
  const [own] = await standing();
  expect(own).toMatchObject({ scope: `key:${token}`, reserved: '0.00', limit: '1.00' });
  expect(nanos(own?.spent) > 0n && nanos(own?.spent) <= 1_000_000_000n).toBe(true);
  expect(nanos(own?.spent) + nanos(own?.remaining)).toBe(1_000_000_000n);
});

test('the report has the same to the nano-dollar, by everything it may be asked by', async () => {
  const [own] = await standing();
  const rows = await until(
    () => report('key'),
    ([row]) => row?.['requests'] === asked + 1 || row?.['spend_exact'] === own?.spent,
  );
  expect(rows).toMatchObject([{ group: { key: token }, spend_exact: own?.spent }]);
  for (const [by, value] of [
    ['team', 'core team'],
    ['user', 'ada'],
    ['model', 'smart'],
    ['provider', 'simulated'],
    ['tag', 'house'],
  ] as const) {
    expect(await report(by)).toMatchObject([{ group: { [by]: value }, spend_exact: own?.spent }]);
  }
  const [day] = await report('day,team,model', `&team_id=core%20team`);
  expect(day?.['group']).toMatchObject({
    team: 'core team',
    model: 'smart',
    day: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) as string,
  });
  expect((await rig.admin('GET', '/spend/keys')).body).toMatchObject([{ token, spend_exact: own?.spent }]);
  expect((await rig.admin('GET', '/spend/tags')).body).toMatchObject([{ individual_request_tag: 'house' }]);
  const { body } = await rig.admin('GET', `/spend/logs?api_key=${token}&limit=1`);
  expect(body).toMatchObject([
    { type: 'final', api_key: token, model_group: 'smart', call_type: 'chat', team_id: 'core team' },
  ]);
  expect(await report('key', '&start_date=2020-01-01&end_date=2020-12-31')).toEqual([]);
});

test('a refund counts once however often it is sent, for the key and for its team', async () => {
  const [before] = await standing();
  const team = async (): Promise<bigint> => {
    const { body } = await rig.admin('GET', '/team/info?team_id=core%20team');
    return nanos((body['team_info'] as { budget_status: Standing[] }).budget_status[0]?.spent);
  };
  const spentOfTeam = await team();
  const refund = { key: token, amount: '-0.25', reason: 'a bad answer' };
  const sent = [];
  for (let times = 0; times < 3; times++) {
    sent.push((await rig.admin('POST', '/spend/adjust', refund, { 'idempotency-key': 'refund-1' })).body);
  }
  expect(sent.map((one) => one['duplicate'])).toEqual([false, true, true]);
  expect(sent[0]).toMatchObject({
    amount: -0.25,
    amount_exact: '-0.25',
    scopes: expect.arrayContaining([`key:${token}`, 'team:core%20team']) as string[],
  });
  const [after] = await standing();
  expect(nanos(before?.spent) - nanos(after?.spent)).toBe(250_000_000n);
  expect(spentOfTeam - (await team())).toBe(250_000_000n);
  expect((await report('key'))[0]?.['spend_exact']).toBe(after?.spent);
  const other = await rig.admin('POST', '/spend/adjust', { ...refund, amount: 1 }, { 'idempotency-key': 'refund-1' });
  expect(other.status).toBe(409);
  const elsewhere = { team_id: 'core team', amount: '-0.25', reason: 'a bad answer' };
  expect((await rig.admin('POST', '/spend/adjust', elsewhere, { 'idempotency-key': 'refund-1' })).status).toBe(409);
});

test('two refunds at once with one idempotency key are one', async () => {
  const [before] = await standing();
  const refund = { key: token, amount: -0.1, reason: 'twice' };
  const send = () => rig.admin('POST', '/spend/adjust', refund, { 'idempotency-key': 'refund-2' });
  const told = await Promise.all([send(), send(), send()]);
  expect(told.map(({ status }) => status)).toEqual([200, 200, 200]);
  const [after] = await standing();
  expect(nanos(before?.spent) - nanos(after?.spent)).toBe(100_000_000n);
});

test('a reset sets what is spent, and the key is taken again', async () => {
  const { status, body } = await rig.admin('POST', `/key/${token}/reset_spend`, { reset_to: 0 });
  expect([status, body['scopes']]).toEqual([200, [`key:${token}`]]);
  expect(await standing()).toMatchObject([{ spent: '0.00', remaining: '1.00' }]);
  expect((await rig.chat(key)).status).toBe(200);
  const rows = (await rig.admin('GET', `/spend/logs?api_key=${token}`)).body as unknown as { type: string }[];
  expect(rows.filter(({ type }) => type === 'adjustment')).toHaveLength(3);
});

test('spent may pass the limit: what is left is then less than nothing', async () => {
  await rig.admin('POST', '/spend/adjust', { key: token, amount: 5, reason: 'imported' });
  const [own] = await standing();
  expect(nanos(own?.remaining) < -3_000_000_000n).toBe(true);
  expect((await rig.chat(key)).status).toBe(402);
});

test('a pooled budget is one purse, and says how it stands', async () => {
  await rig.admin('POST', '/budget/new', { budget_id: 'purse', max_budget: 3, budget_duration: '1d', pooled: true });
  const made = await rig.admin('POST', '/key/generate', { budget_id: 'purse' });
  await rig.admin('POST', '/key/generate', { budget_id: 'purse' });
  expect((await rig.chat(made.body['key'] as string)).status).toBe(200);
  const { body } = await rig.admin('POST', '/budget/info', { budgets: ['purse'] });
  const [purse] = body as unknown as { budget_status: Standing[] }[];
  expect(purse?.budget_status).toMatchObject([{ scope: 'budget:purse', reserved: '0.00', limit: '3.00' }]);
  expect(nanos(purse?.budget_status[0]?.spent) > 0n).toBe(true);
});

test.each([
  ['/global/spend/report?group_by=secret', 'group_by'],
  ['/global/spend/report?start_date=2026-02-30', 'start_date'],
  ['/spend/logs?limit=100000', 'limit'],
  ['/spend/logs?limit=1&limit=2', 'limit'],
])('%s is refused with the name of the field', async (path, param) => {
  const { status, body } = await rig.admin('GET', path);
  expect([status, body]).toMatchObject([400, { error: { param } }]);
});
