/** Looking at a ledger, and saying that an owner lives. */
import { CLOCK, OPEN, OPEN_FOR_WRITING } from './prelude.ts';

/** This server's life: another number after every start, and on every other server. */
export const RUN = `
local run = string.match(redis.call('INFO', 'server'), 'run_id:(%x+)')
`;

/** KEYS: meta. Answers epoch, phase, whether the record is of this server's life, seq, the time, and when the epoch was raised. */
export const LOOK = `#!lua
${CLOCK}${RUN}
local meta = redis.call('HMGET', KEYS[1], 'epoch', 'phase', 'run', 'seq', 'clock', 'raised')
return {meta[1] or '', meta[2] or '', meta[3] == run and '1' or '0', meta[4] or '0', fmt(clock(meta[5])), meta[6] or ''}
`;

/** KEYS: meta, owners. ARGV: epoch, owner, lease. Answers the owners that are alive. */
export const RENEW = `#!lua
${OPEN_FOR_WRITING}${RUN}
if redis.call('HGET', KEYS[1], 'run') ~= run then return {'RUN'} end
redis.call('ZADD', KEYS[2], fmt(now + tonumber(ARGV[3])), ARGV[2])
return {'OK', seq, fmt(now), unpack(redis.call('ZRANGEBYSCORE', KEYS[2], '(' .. fmt(now), '+inf'))}
`;

/** KEYS: meta, owners. ARGV: epoch. Answers the owners whose lease has ended, each with the time when it did. */
export const DEAD = `#!lua
${OPEN}
return {'OK', seq, fmt(now), unpack(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', fmt(now), 'WITHSCORES'))}
`;

/** Forgets an owner that has no holds left: a dead one, or, with `1`, one that leaves. KEYS: meta, owners, its holds. ARGV: epoch, owner, how. */
export const FORGET = `#!lua
${OPEN_FOR_WRITING}
if redis.call('SCARD', KEYS[3]) > 0 then return {'OK', seq, '0'} end
local lease = redis.call('ZSCORE', KEYS[2], ARGV[2])
if lease and (tonumber(lease) <= now or ARGV[3] == '1') then redis.call('ZREM', KEYS[2], ARGV[2]) end
return {'OK', seq, '1'}
`;
