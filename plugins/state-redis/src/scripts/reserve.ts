/**
 * Takes holds: of each all of its claims, or none. Once per hold id. They are judged one after another, as if each had a
 * script of its own.
 *
 * A provisional hold (`P`) is a part of one that is spread over slots: it counts in full, and what is refused only because
 * of such is answered with `WAIT` instead of `NO`.
 *
 * KEYS: meta, the owner's holds, the holds, then the counters of all their claims, each once. ARGV: epoch, `1` where an
 * amount has more than 15 digits, JSON of what is asked, then per hold: id, the head of its text, the rest of it.
 *
 * What is asked: the windows; which window each counter has; and for each hold, in a row for each of its claims, which
 * counter it is on, the amount, and the limit or ''.
 */
import { BEGIN_PART, HOLD, OPEN_FOR_WRITING, STANDING, SUMS } from './prelude.ts';

/** What is known of the counters so far, with what the holds before have taken. */
const LOOKING = `
local asked = cjson.decode(ARGV[3])
local windows, windowOf, holds = {}, asked[2], asked[3]
for i, given in ipairs(asked[1]) do windows[i] = opened(given) end
local n = #holds
local before = redis.call('MGET', unpack(KEYS, 3, n + 2))
local spent, reserved, running, previous, there = {}, {}, {}, {}, {}
local taken, provisional = {}, {}
local reply, top = {'OK', seq, fmt(now)}, 3
local function push(value)
  top = top + 1
  reply[top] = value
end
local function tell(c, part)
  push(part)
  push(spent[c])
  push(reserved[c])
  if running[c] then
    push(running[c])
    push(previous[c])
  end
end
-- Whether it fits; if not, why. What is held already always does.
local function judge(claims, held)
  local unknown = {}
  for i = 1, #claims, 3 do
    local c, limit = claims[i], claims[i + 2]
    local w = windows[windowOf[c]]
    if not w.part then return 'PERIOD', (i + 2) / 3 end
    if not spent[c] then
      spent[c], reserved[c], running[c], previous[c], there[c] = standing(KEYS[n + 2 + c], w)
    end
    if not spent[c] then
      unknown[#unknown + 1] = (i + 2) / 3
    elseif not held and limit ~= '' and #unknown == 0 and not fits(spent[c], reserved[c], claims[i + 1], limit) then
      local waiting = add(exact(redis.call('HGET', KEYS[n + 2 + c], w.p)), provisional[c] or 0)
      local firm = add(reserved[c], negative(waiting))
      return fits(spent[c], firm, claims[i + 1], limit) and 'WAIT' or 'NO', (i + 2) / 3, c
    end
  end
  if #unknown > 0 then return 'UNKNOWN', unknown end
  return 'OK'
end
`;

/** Takes one hold. */
const TAKING = `
local texts, ids = {}, {}
local function take(h, claims)
  local id, head, tail = ARGV[1 + h * 3], ARGV[2 + h * 3], ARGV[3 + h * 3]
  local firm = string.byte(head, 1) == 72
  local parts = {}
  for i = 1, #claims, 3 do
    local c, amount = claims[i], claims[i + 1]
    reserved[c] = add(reserved[c], amount)
    if running[c] then running[c] = add(running[c], amount) end
    taken[c] = add(taken[c] or 0, amount)
    if not firm then provisional[c] = add(provisional[c] or 0, amount) end
    local part = windows[windowOf[c]].part
    parts[#parts + 1] = part
    tell(c, part)
  end
  texts[#texts + 1] = KEYS[2 + h]
  texts[#texts + 1] = head .. cjson.encode(parts) .. '\\n' .. tail
  ids[#ids + 1] = id
end
`;

export const RESERVE = `#!lua
${OPEN_FOR_WRITING}${SUMS}${STANDING}${BEGIN_PART}${HOLD}
long = ARGV[2] == '1'
${LOOKING}${TAKING}
for h = 1, n do
  local claims, held = holds[h], read(before[h])
  if held and not lives(held) then
    push('SETTLED')
  else
    local status, place, c = judge(claims, held)
    if status == 'UNKNOWN' then
      push(status)
      push(#place)
      for _, one in ipairs(place) do push(one) end
    elseif status == 'PERIOD' then
      push(status)
      push(place)
    elseif held then
      push('AGAIN')
      for i, part in ipairs(cjson.decode(held.parts)) do tell(claims[i * 3 - 2], part) end
    elseif status == 'OK' then
      push('OK')
      take(h, claims)
    else
      push(status)
      push(place)
      tell(c, windows[windowOf[c]].part)
    end
  end
end
for c, amount in pairs(taken) do
  local key, w = KEYS[n + 2 + c], windows[windowOf[c]]
  if not there[c] then begin(key, w) end
  redis.call('HINCRBY', key, w.r, amount)
  if provisional[c] then redis.call('HINCRBY', key, w.p, provisional[c]) end
end
if #ids > 0 then
  redis.call('MSET', unpack(texts))
  redis.call('SADD', KEYS[2], unpack(ids))
end
return reply
`;
