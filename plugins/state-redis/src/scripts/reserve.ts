/**
 * Takes a hold: all of its claims, or none. Once per hold id.
 *
 * A provisional hold (`P`) is a part of one that is spread over slots: it counts in full, and what is refused only because
 * of such is answered with `WAIT` instead of `NO`.
 *
 * KEYS: meta, hold, the owner's holds, then one counter per claim. ARGV: epoch, hold id, owner, memo, what the claims are
 * (kept for whoever reclaims), `H` or `P`, then per claim: kind, amount, limit or '', data.
 */
import { BEGIN_PART, HOLD, OPEN_FOR_WRITING, STANDING, SUMS } from './prelude.ts';

export const RESERVE = `#!lua
${OPEN_FOR_WRITING}${SUMS}${STANDING}${BEGIN_PART}${HOLD}
local before = read(KEYS[2])
if before and not lives(before) then return {'SETTLED'} end
local held = before and words(before.parts, PART) or {}
local reply = {'OK', seq, fmt(now)}
local unknown = {}
local places = {}
local n = #KEYS - 3
for i = 1, n do
  local a = 7 + (i - 1) * 4
  local kind, amount, limit, data = ARGV[a], ARGV[a + 1], ARGV[a + 2], ARGV[a + 3]
  local part, spent, reserved, running, previous, over, there = standing(KEYS[3 + i], kind, data)
  if part then
    if not before and limit ~= '' and not fits(spent, reserved, amount, limit) then
      if #unknown == 0 then
        local status, provisional = 'NO', redis.call('HGET', KEYS[3 + i], 'p:' .. part)
        if provisional then
          local firm = fmt(tonumber(reserved) - tonumber(provisional))
          if fits(spent, firm, amount, limit) then status = 'WAIT' end
        end
        return {status, seq, fmt(now), i, part, spent, reserved, running, previous}
      end
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
  local a = 7 + (i - 1) * 4
  local place = places[i]
  if not before then
    if not place[3] then begin(KEYS[3 + i], ARGV[a], place[1], ARGV[a + 3], place[2]) end
    redis.call('HINCRBY', KEYS[3 + i], 'r:' .. place[1], ARGV[a + 1])
    if ARGV[6] == 'P' then redis.call('HINCRBY', KEYS[3 + i], 'p:' .. place[1], ARGV[a + 1]) end
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
if before then
  reply[1] = 'AGAIN'
  return reply
end
local hold = {n = n, owner = ARGV[3], claims = ARGV[5]}
hold.amounts, hold.parts = table.concat(amounts, ' '), table.concat(parts, '\\t') .. '\\t'
redis.call('SET', KEYS[2], text(ARGV[6], hold, ARGV[4]))
redis.call('SADD', KEYS[3], ARGV[2])
return reply
`;

/**
 * Makes a hold larger, or, with amounts below nothing, as small as it was. Once: where it has its new size already, nothing
 * changes.
 *
 * KEYS: meta, hold, then one counter per claim of the hold, in its order. ARGV: epoch, the amounts that the caller knows to
 * be held, those that shall be held, then per claim: kind, amount, limit or '', data.
 */
export const EXTEND = `#!lua
${OPEN_FOR_WRITING}${SUMS}${STANDING}${HOLD}
local hold = read(KEYS[2])
local n = #KEYS - 2
if not lives(hold) or hold.n ~= n then return {'GONE', seq, fmt(now)} end
local done = hold.amounts == ARGV[3]
if not done and hold.amounts ~= ARGV[2] then return {'OTHER', seq, fmt(now), hold.amounts} end
local parts = words(hold.parts, PART)
local reply = {done and 'AGAIN' or 'OK', seq, fmt(now)}
for i = 1, n do
  local a = 4 + (i - 1) * 4
  local kind, amount, limit, data = ARGV[a], ARGV[a + 1], ARGV[a + 2], ARGV[a + 3]
  local part, spent, reserved, running, previous = standing(KEYS[2 + i], kind, data, parts[i])
  if not part then return {'UNKNOWN', seq, fmt(now), i} end
  if not done and tonumber(amount) > 0 and limit ~= '' and not fits(spent, reserved, amount, limit) then
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
if done then return reply end
for i = 1, n do
  local more, field = ARGV[4 + (i - 1) * 4 + 1], 'r:' .. parts[i]
  if more ~= '0' and redis.call('HEXISTS', KEYS[2 + i], field) == 1 then redis.call('HINCRBY', KEYS[2 + i], field, more) end
  if more ~= '0' and hold.mark == 'P' then redis.call('HINCRBY', KEYS[2 + i], 'p:' .. parts[i], more) end
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
${OPEN_FOR_WRITING}${HOLD}
local hold = read(KEYS[2])
if not hold or hold.mark ~= 'P' then return {'OK', seq, '0'} end
local parts, amounts = words(hold.parts, PART), words(hold.amounts, WORD)
for i = 1, hold.n do
  local key = KEYS[3 + i]
  if amounts[i] ~= '0' then
    if redis.call('HINCRBY', key, 'p:' .. parts[i], '-' .. amounts[i]) <= 0 then redis.call('HDEL', key, 'p:' .. parts[i]) end
    if ARGV[3] == '1' and redis.call('HINCRBY', key, 'r:' .. parts[i], '-' .. amounts[i]) < 0 then
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
