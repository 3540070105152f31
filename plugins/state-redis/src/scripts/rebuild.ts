/**
 * The steps of a rebuild, which all live replicas take together.
 *
 * `gather`: each stops settling, brings its rows to the store and joins. When all that were known have joined, or their
 * leases must have ended, one raises the store's epoch. `assert`: each takes its holds again, in the new epoch. When all
 * have, or have had time to, the ledger is open.
 */
import { CLOCK, HOLD } from './prelude.ts';
import { RUN } from './lease.ts';

const READ = `
${CLOCK}${RUN}
local meta = redis.call('HMGET', KEYS[1], 'epoch', 'phase', 'run', 'clock', 'until', 'most')
local epoch, phase, now = meta[1] or '', meta[2], clock(meta[4])
`;

/**
 * KEYS: meta, round. ARGV: owner, the epoch that the caller knew or '', `1` where the caller knows that it is lost, how
 * long to gather at least and at most (milliseconds), then the owners that it knew to be alive. Answers phase and epoch.
 */
export const JOIN = `#!lua
${READ}
local lost = meta[3] ~= run or (ARGV[3] == '1' and epoch == ARGV[2] and not phase)
if lost then
  phase = 'gather'
  redis.call('DEL', KEYS[2])
  local edge, most = fmt(now + tonumber(ARGV[4])), fmt(now + tonumber(ARGV[5]))
  redis.call('HSET', KEYS[1], 'phase', phase, 'run', run, 'clock', fmt(now), 'until', edge, 'most', most)
end
if not phase then return {'open', epoch} end
redis.call('HSET', KEYS[2], ARGV[1], 'joined')
if phase == 'gather' then
  for i = 6, #ARGV do redis.call('HSETNX', KEYS[2], ARGV[i], 'awaited') end
end
return {phase, epoch}
`;

/**
 * KEYS: meta, round. ARGV: owner, `1` where it has taken its holds again, the new epoch or '', how long others may take for
 * that (milliseconds). Answers phase and epoch; `raise` asks the caller for a new epoch, `join` to begin again.
 */
export const ADVANCE = `#!lua
${READ}
if not phase then return {'open', epoch} end
if meta[3] ~= run or redis.call('HEXISTS', KEYS[2], ARGV[1]) == 0 then return {'join', epoch} end
if ARGV[2] == '1' then redis.call('HSET', KEYS[2], ARGV[1], 'asserted') end
local count = {awaited = 0, joined = 0, asserted = 0}
for _, step in ipairs(redis.call('HVALS', KEYS[2])) do count[step] = count[step] + 1 end
if phase == 'gather' then
  if ARGV[3] ~= '' then
    redis.call('HSET', KEYS[1], 'epoch', ARGV[3], 'phase', 'assert', 'seq', '0', 'raised', fmt(now), 'most', fmt(now + tonumber(ARGV[4])))
    return {'assert', ARGV[3]}
  end
  if (now >= tonumber(meta[5]) and count.awaited == 0) or now >= tonumber(meta[6]) then return {'raise', epoch} end
  return {phase, epoch}
end
if count.joined == 0 or now >= tonumber(meta[6]) then
  redis.call('HDEL', KEYS[1], 'phase', 'until', 'most')
  redis.call('DEL', KEYS[2])
  return {'open', epoch}
end
return {phase, epoch}
`;

/**
 * Takes a hold again, whatever the limits say, or, with `1`, notes that its bill is in the sums already.
 *
 * KEYS: meta, hold, the owner's holds, counters. ARGV: epoch, hold id, owner, memo, what the claims are, `1` where it is
 * billed, how long to remember that (milliseconds), the amounts as in the hold, then per counter: part, amount, kind, length
 * of a sliding window or the end of a period.
 */
export const ASSERT = `#!lua
${HOLD}
local meta = redis.call('HMGET', KEYS[1], 'epoch', 'phase')
if meta[1] ~= ARGV[1] or meta[2] == 'gather' then return {'EPOCH', meta[1] or '', meta[2] or ''} end
if redis.call('EXISTS', KEYS[2]) == 1 then return {'OK'} end
if ARGV[6] == '1' then
  redis.call('SET', KEYS[2], 'F', 'PX', ARGV[7])
  return {'OK'}
end
local n = #KEYS - 3
local parts = {}
for i = 1, n do
  local a = 9 + (i - 1) * 4
  local key, kind = KEYS[3 + i], string.byte(ARGV[a + 2], 1)
  parts[i] = ARGV[a]
  redis.call('HINCRBY', key, 'r:' .. parts[i], ARGV[a + 1])
  if kind == 83 then redis.call('HSET', key, 'l', ARGV[a + 3]) end
  if kind == 80 then redis.call('HSET', key, 'e:' .. parts[i], ARGV[a + 3]) end
end
local hold = {n = n, owner = ARGV[3], claims = ARGV[5], amounts = ARGV[8], parts = cjson.encode(parts)}
redis.call('SET', KEYS[2], text('H', hold, ARGV[4]))
redis.call('SADD', KEYS[3], ARGV[2])
return {'OK'}
`;

/**
 * Posts the bill of an attempt whose row reached the store after the epoch was raised: counters that were given their base
 * before that did not have it. Those that have none yet will have it with their base. Once per id.
 *
 * KEYS: meta, hold, counters. ARGV: epoch, how long to remember it (milliseconds), then per counter: part, actual.
 */
export const LATE = `#!lua flags=allow-oom
local meta = redis.call('HMGET', KEYS[1], 'epoch', 'phase')
if meta[1] ~= ARGV[1] or meta[2] == 'gather' then return {'EPOCH', meta[1] or '', meta[2] or ''} end
if redis.call('EXISTS', KEYS[2]) == 1 then return {'OK', '0'} end
for i = 3, #KEYS do
  local a = 3 + (i - 3) * 2
  if redis.call('HEXISTS', KEYS[i], 'b') == 1 then redis.call('HINCRBY', KEYS[i], 's:' .. ARGV[a], ARGV[a + 1]) end
end
redis.call('SET', KEYS[2], 'F', 'PX', ARGV[2])
return {'OK', '1'}
`;
