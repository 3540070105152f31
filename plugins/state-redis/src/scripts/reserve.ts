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
 * What is asked: the windows; which window each counter has; how many claims each hold has; and in one row, for each claim
 * of each hold, which counter it is on, the amount, and the limit or ''.
 *
 * What is answered, behind the time: a letter for each hold; the part of each window that runs; of each counter what was
 * spent and reserved before, and for sliding windows what its two buckets held; then, where a letter has more to tell, that.
 * The caller adds up what the holds have taken. `O`: taken. `A`: it was before, with its parts. `N`, `W`: refused, with the
 * number of the claim. `S`: settled. `P`: no period runs, with the number of the claim. `U`: not known, with the numbers.
 */
import { BEGIN_PART, HOLD, OPEN_FOR_WRITING, STANDING, SUMS } from './prelude.ts';

/** What is known of the counters so far, with what the holds before have taken. */
const LOOKING = `
local asked = cjson.decode(ARGV[3])
local windows, windowOf, counts, claims = {}, asked[2], asked[3], asked[4]
local reply = {'OK', seq, fmt(now), ''}
for i, given in ipairs(asked[1]) do
  windows[i] = opened(given)
  reply[4 + i] = windows[i].part or ''
end
local n = #counts
local before = redis.call('MGET', unpack(KEYS, 3, n + 2))
local spent, reserved, taken, provisional, there = {}, {}, {}, {}, {}
-- Where each counter's numbers are in the reply.
local at, top = {}, #reply
for c, w in ipairs(windowOf) do
  at[c] = top + 1
  for _ = 1, windows[w].kind == SLIDING and 4 or 2 do
    top = top + 1
    reply[top] = false
  end
end
local function push(value)
  top = top + 1
  reply[top] = value
end
local function look(c)
  local w, i, running, previous = windows[windowOf[c]], at[c], nil, nil
  spent[c], reserved[c], running, previous, there[c] = standing(KEYS[n + 2 + c], w)
  if spent[c] then
    reply[i], reply[i + 1] = spent[c], reserved[c]
    if running then reply[i + 2], reply[i + 3] = running, previous end
  end
  return spent[c]
end
-- Whether it fits; if not, why. What is held already always does.
local function judge(from, to, held)
  local unknown = {}
  for i = from, to, 3 do
    local c, limit, number = claims[i], claims[i + 2], (i - from) / 3 + 1
    local w = windows[windowOf[c]]
    if not w.part then return 'P', number end
    if not (spent[c] or look(c)) then
      unknown[#unknown + 1] = number
    elseif not held and limit ~= '' and #unknown == 0 and not fits(spent[c], reserved[c], claims[i + 1], limit) then
      local waiting = add(exact(redis.call('HGET', KEYS[n + 2 + c], w.p)), provisional[c] or 0)
      local firm = add(reserved[c], negative(waiting))
      return fits(spent[c], firm, claims[i + 1], limit) and 'W' or 'N', number
    end
  end
  if #unknown > 0 then return 'U', unknown end
  return held and 'A' or 'O'
end
`;

/** Takes one hold. */
const TAKING = `
local texts, ids = {}, {}
local function take(h, from, to)
  local id, head, tail = ARGV[1 + h * 3], ARGV[2 + h * 3], ARGV[3 + h * 3]
  local firm = string.byte(head, 1) == 72
  local parts = {}
  for i = from, to, 3 do
    local c, amount = claims[i], claims[i + 1]
    reserved[c] = add(reserved[c], amount)
    taken[c] = add(taken[c] or 0, amount)
    if not firm then provisional[c] = add(provisional[c] or 0, amount) end
    parts[#parts + 1] = windows[windowOf[c]].part
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
local letters, from = {}, 1
for h = 1, n do
  local held, to = read(before[h]), from + counts[h] * 3 - 1
  local letter, more = 'S', nil
  if not held or lives(held) then letter, more = judge(from, to, held) end
  letters[h] = letter
  if letter == 'O' then
    take(h, from, to)
  elseif letter == 'A' then
    push(held.parts)
  elseif letter == 'U' then
    push(table.concat(more, ' '))
  elseif more then
    push(more)
  end
  from = to + 1
end
reply[4] = table.concat(letters)
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
