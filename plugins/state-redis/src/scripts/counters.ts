/** Reading counters, and telling them what the store has summed. */
import { OPEN, STANDING, SUMS } from './prelude.ts';

/** Nobody has asked for a counter that is not there; what is only held is nothing then. KEYS: meta, then counters. ARGV: epoch, JSON of their windows. */
export const BALANCES = `#!lua
${OPEN}${SUMS}${STANDING}
local reply = {'OK', seq, fmt(now)}
for i, given in ipairs(cjson.decode(ARGV[2])) do
  local key, w = KEYS[1 + i], opened(given)
  local there = w.part and (w.kind == HELD or redis.call('EXISTS', key) == 1)
  local spent, reserved, running, previous
  if there then spent, reserved, running, previous = standing(key, w) end
  reply[#reply + 1] = there and w.part or ''
  reply[#reply + 1] = spent or ''
  reply[#reply + 1] = reserved or ''
  if w.kind == SLIDING then
    reply[#reply + 1] = running or ''
    reply[#reply + 1] = previous or ''
  end
end
return reply
`;

/**
 * Gives counters their base, if nobody has done so. A rebuild seeds too, so its phase does not matter.
 *
 * KEYS: meta, then counters. ARGV: epoch, then per counter: how many sums, and for each: part, amount, end of the period or
 * ''.
 */
export const SEED = `#!lua
local meta = redis.call('HMGET', KEYS[1], 'epoch', 'phase')
if meta[1] ~= ARGV[1] or meta[2] == 'gather' then return {'EPOCH', meta[1] or '', meta[2] or ''} end
local a = 2
for i = 2, #KEYS do
  local count = tonumber(ARGV[a])
  if redis.call('HSETNX', KEYS[i], 'b', '1') == 1 then
    for sum = 1, count do
      local at = a + 1 + (sum - 1) * 3
      redis.call('HINCRBY', KEYS[i], 's:' .. ARGV[at], ARGV[at + 1])
      if ARGV[at + 2] ~= '' then redis.call('HSET', KEYS[i], 'e:' .. ARGV[at], ARGV[at + 2]) end
    end
  end
  a = a + 1 + count * 3
end
return {'OK'}
`;
