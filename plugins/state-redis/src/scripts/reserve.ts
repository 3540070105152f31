/**
 * Takes a hold: all of its claims, or none. Once per hold id.
 *
 * KEYS: meta, hold, the owner's holds, then one counter per claim. ARGV: epoch, hold id, owner, memo, what the claims are
 * (kept for whoever reclaims), then per claim: kind, amount, limit or '', data.
 */
import { BEGIN_PART, OPEN_FOR_WRITING, STANDING, SUMS } from './prelude.ts';

export const RESERVE = `#!lua
${OPEN_FOR_WRITING}${SUMS}${STANDING}${BEGIN_PART}
local before = redis.call('HMGET', KEYS[2], 't', 'p')
if before[1] then return {'SETTLED'} end
local held = {}
if before[2] then for part in string.gmatch(before[2], '([^\\n]*)\\n') do held[#held + 1] = part end end
local reply = {'OK', seq, fmt(now)}
local unknown = {}
local places = {}
local n = #KEYS - 3
for i = 1, n do
  local a = 6 + (i - 1) * 4
  local kind, amount, limit, data = ARGV[a], ARGV[a + 1], ARGV[a + 2], ARGV[a + 3]
  local part, spent, reserved, running, previous, over, there = standing(KEYS[3 + i], kind, data)
  if part then
    if not before[2] and limit ~= '' and not fits(spent, reserved, amount, limit) then
      if #unknown == 0 then return {'NO', seq, fmt(now), i, part, spent, reserved, running, previous} end
    end
    places[i] = {part, over, there, spent, reserved, running, previous}
  elseif spent == 'PERIOD' then
    return {'PERIOD', seq, fmt(now), i}
  else
    unknown[#unknown + 1] = i
  end
end
if #unknown > 0 then return {'UNKNOWN', seq, fmt(now), unpack(unknown)} end
local parts, amounts = {}, {}
for i = 1, n do
  local a = 6 + (i - 1) * 4
  local place = places[i]
  if not before[2] then
    if not place[3] then begin(KEYS[3 + i], ARGV[a], place[1], ARGV[a + 3], place[2]) end
    redis.call('HINCRBY', KEYS[3 + i], 'r:' .. place[1], ARGV[a + 1])
    parts[i] = place[1]
    amounts[i] = ARGV[a + 1]
  end
  reply[#reply + 1] = held[i] or place[1]
  reply[#reply + 1] = place[4]
  reply[#reply + 1] = place[5]
  if place[6] then
    reply[#reply + 1] = place[6]
    reply[#reply + 1] = place[7]
  end
end
if before[2] then
  reply[1] = 'AGAIN'
  return reply
end
local p, a = table.concat(parts, '\\n') .. '\\n', table.concat(amounts, ' ')
redis.call('HSET', KEYS[2], 'o', ARGV[3], 'm', ARGV[4], 'c', ARGV[5], 'n', n, 'p', p, 'a', a)
redis.call('SADD', KEYS[3], ARGV[2])
return reply
`;

/**
 * Makes a hold larger.
 *
 * KEYS: meta, hold, then one counter per claim of the hold, in its order. ARGV: epoch, then per claim: kind, amount, limit
 * or '', data.
 */
export const EXTEND = `#!lua
${OPEN_FOR_WRITING}${SUMS}${STANDING}
local hold = redis.call('HMGET', KEYS[2], 't', 'n', 'p', 'a')
local n = #KEYS - 2
if hold[1] or not hold[2] or tonumber(hold[2]) ~= n then return {'GONE', seq, fmt(now)} end
local parts = {}
for part in string.gmatch(hold[3], '([^\\n]*)\\n') do parts[#parts + 1] = part end
local reply = {'OK', seq, fmt(now)}
for i = 1, n do
  local a = 2 + (i - 1) * 4
  local kind, amount, limit, data = ARGV[a], ARGV[a + 1], ARGV[a + 2], ARGV[a + 3]
  local part, spent, reserved, running, previous = standing(KEYS[2 + i], kind, data, parts[i])
  if not part then return {'UNKNOWN', seq, fmt(now), i} end
  if amount ~= '0' and limit ~= '' and not fits(spent, reserved, amount, limit) then
    return {'NO', seq, fmt(now), i, part, spent, reserved, running, previous}
  end
  reply[#reply + 1] = parts[i]
  reply[#reply + 1] = spent
  reply[#reply + 1] = reserved
  if running then
    reply[#reply + 1] = running
    reply[#reply + 1] = previous
  end
end
local i = 0
local amounts = {}
for amount in string.gmatch(hold[4], '%S+') do
  i = i + 1
  local more = ARGV[2 + (i - 1) * 4 + 1]
  amounts[i] = amount
  if more ~= '0' then
    -- Redis adds exactly where Lua would round.
    redis.call('HSET', KEYS[2], 'x', amount)
    redis.call('HINCRBY', KEYS[2], 'x', more)
    amounts[i] = redis.call('HGET', KEYS[2], 'x')
    redis.call('HDEL', KEYS[2], 'x')
    local field = 'r:' .. parts[i]
    if redis.call('HEXISTS', KEYS[2 + i], field) == 1 then redis.call('HINCRBY', KEYS[2 + i], field, more) end
  end
end
redis.call('HSET', KEYS[2], 'a', table.concat(amounts, ' '))
return reply
`;
