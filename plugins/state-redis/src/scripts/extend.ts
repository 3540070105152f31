/** Changes holds that are there: their size, or whether they are provisional. */
import { HOLD, OPEN_FOR_WRITING, STANDING, SUMS } from './prelude.ts';

/**
 * Makes a hold larger, or, with amounts below nothing, as small as it was. Once: where it has its new size already, nothing
 * changes.
 *
 * KEYS: meta, hold, then one counter per claim of the hold, in its order. ARGV: epoch, the amounts that the caller knows to
 * be held, those that shall be held, both as in the hold, then JSON of the window, the amount and the limit or '' of each
 * claim.
 */
export const EXTEND = `#!lua
${OPEN_FOR_WRITING}${SUMS}${STANDING}${HOLD}
local hold = read(redis.call('GET', KEYS[2]))
local n = #KEYS - 2
if not lives(hold) or hold.n ~= n then return {'GONE', seq, fmt(now)} end
local done = hold.amounts == ARGV[3]
if not done and hold.amounts ~= ARGV[2] then return {'OTHER', seq, fmt(now), hold.amounts} end
local parts, asked = cjson.decode(hold.parts), cjson.decode(ARGV[4])
local reply = {done and 'AGAIN' or 'OK', seq, fmt(now)}
for i = 1, n do
  local w, amount, limit = opened(asked[i][1]), asked[i][2], asked[i][3]
  if type(amount) == 'string' then long = true end
  if w.kind == PERIODS then named(w, parts[i]) end
  local spent, reserved, running, previous = standing(KEYS[2 + i], w)
  if not spent then return {'UNKNOWN', seq, fmt(now), i} end
  if not done and tonumber(amount) > 0 and limit ~= '' and not fits(spent, reserved, amount, limit) then
    return {'NO', seq, fmt(now), i, w.part, spent, reserved, running, previous}
  end
  local more = done and 0 or amount
  reply[#reply + 1] = parts[i]
  reply[#reply + 1] = spent
  reply[#reply + 1] = add(reserved, more)
  if running then
    reply[#reply + 1] = add(running, more)
    reply[#reply + 1] = previous
  end
end
if done then return reply end
for i = 1, n do
  local more, field = asked[i][2], 'r:' .. parts[i]
  if more ~= 0 and redis.call('HEXISTS', KEYS[2 + i], field) == 1 then redis.call('HINCRBY', KEYS[2 + i], field, more) end
  if more ~= 0 and hold.mark == 'P' then redis.call('HINCRBY', KEYS[2 + i], 'p:' .. parts[i], more) end
end
hold.amounts = ARGV[3]
redis.call('SET', KEYS[2], text(hold.mark, hold, hold.tail))
return reply
`;

/**
 * Makes a provisional hold firm, or, with `1`, takes it away as if it had never been.
 *
 * KEYS: meta, hold, the owner's holds, then one counter per claim of the hold, in its order. ARGV: epoch, hold id, `0` or
 * `1`.
 */
export const CONFIRM = `#!lua flags=allow-oom
${OPEN_FOR_WRITING}${SUMS}${HOLD}
local hold = read(redis.call('GET', KEYS[2]))
if not hold or hold.mark ~= 'P' then return {'OK', seq, '0'} end
local parts, amounts = cjson.decode(hold.parts), cjson.decode(hold.amounts)
for i = 1, hold.n do
  local key, less = KEYS[3 + i], negative(amounts[i])
  if less ~= 0 then
    if redis.call('HINCRBY', key, 'p:' .. parts[i], less) <= 0 then redis.call('HDEL', key, 'p:' .. parts[i]) end
    if ARGV[3] == '1' and redis.call('HINCRBY', key, 'r:' .. parts[i], less) < 0 then
      redis.call('HDEL', key, 'r:' .. parts[i])
    end
  end
end
if ARGV[3] == '1' then
  redis.call('DEL', KEYS[2])
  redis.call('SREM', KEYS[3], ARGV[2])
else
  redis.call('SET', KEYS[2], text('H', hold, hold.tail))
end
return {'OK', seq, '1'}
`;
