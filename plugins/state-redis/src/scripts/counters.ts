/** Reading counters, and telling them what the store has summed. */
import { OPEN, STANDING, SUMS } from './prelude.ts';

/** Nobody has asked for a counter that is not there; what is only held is nothing then. KEYS: meta, then counters. ARGV: epoch, then per counter: kind, data. */
export const BALANCES = `#!lua
${OPEN}${SUMS}${STANDING}
local reply = {'OK', seq, fmt(now)}
for i = 1, #KEYS - 1 do
  local a = 2 + (i - 1) * 2
  local part, spent, reserved, running, previous = standing(KEYS[1 + i], ARGV[a], ARGV[a + 1])
  if part and string.byte(ARGV[a], 1) ~= 72 and redis.call('EXISTS', KEYS[1 + i]) == 0 then part = nil end
  reply[#reply + 1] = part or ''
  reply[#reply + 1] = part and spent or ''
  reply[#reply + 1] = part and reserved or ''
  if string.byte(ARGV[a], 1) == 83 then
    reply[#reply + 1] = running
    reply[#reply + 1] = previous
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
