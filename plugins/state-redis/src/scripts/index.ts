/** All scripts, by name. */
import { Script } from '../script.ts';
import { POST, READ } from './board.ts';
import { BALANCES, SEED } from './counters.ts';
import { RESOLVE } from './directory.ts';
import { CONFIRM, EXTEND } from './extend.ts';
import { DEAD, FORGET, LOOK, RENEW } from './lease.ts';
import { ADVANCE, ASSERT, JOIN, LATE } from './rebuild.ts';
import { RESERVE } from './reserve.ts';
import { POST_BILL, SETTLE } from './settle.ts';

export const SCRIPTS = {
  reserve: new Script('reserve', RESERVE),
  confirm: new Script('confirm', CONFIRM),
  resolve: new Script('resolve', RESOLVE),
  extend: new Script('extend', EXTEND),
  settle: new Script('settle', SETTLE),
  postBill: new Script('postBill', POST_BILL),
  balances: new Script('balances', BALANCES),
  seed: new Script('seed', SEED),
  look: new Script('look', LOOK),
  renew: new Script('renew', RENEW),
  dead: new Script('dead', DEAD),
  forget: new Script('forget', FORGET),
  join: new Script('join', JOIN),
  advance: new Script('advance', ADVANCE),
  assert: new Script('assert', ASSERT),
  late: new Script('late', LATE),
  post: new Script('post', POST),
  read: new Script('read', READ),
} as const;
