/** Shows how the budgets of teams stand, at `GET /balance`: the same at every replica. */
import { definePlugin } from '@gatewright/core';
import { z } from 'zod';

const TOTAL = { kind: 'total', name: 'total' } as const;

const dollars = (nanos: bigint): string => `$${(Number(nanos) / 1e9).toFixed(5)}`;

export default definePlugin({
  name: 'balance',
  version: '1.0.0',
  engine: '^1',
  options: z.strictObject({ teams: z.array(z.string()).describe('The teams whose budgets are shown.') }),
  uses: ['state'],
  setup({ http, use }, { teams }) {
    const state = use('state');
    http.route('GET', '/balance', async (context) => {
      const counters = teams.map((team) => ({ scope: `team:${team}`, unit: 'nanos', window: TOTAL }));
      const balances = await state.balances(counters);
      const lines = balances.map((balance, index) => {
        // Read from the store when somebody first spends of it.
        if (balance === undefined) return `${teams[index]}: not asked for yet\n`;
        return `${teams[index]}: ${dollars(balance.spent)} spent, ${dollars(balance.reserved)} reserved\n`;
      });
      context.type = 'text/plain';
      context.body = lines.join('');
    });
  },
});
