/**
 * Takes holds: of each all of its claims, or none. Once per hold id. They are judged one after another, as if each had a
 * script of its own.
 *
 * A provisional hold (`P`) is a part of one that is spread over slots: it counts in full, and what is refused only because
 * of such is answered with `WAIT` instead of `NO`.
 *
 * KEYS: meta, the owner's holds, the holds, then the counters of all their claims, each once. ARGV: epoch, owner, `1` where an
 * amount has more than 15 digits, how many bytes of a hold's key come before its id, the mark of each hold (`H` or `P`),
 * JSON of what is asked, what is kept of claims on each view, one in a line, then of each hold in a line each the views that its
 * claims are on and their amounts, both as JSON, and its memo.
 *
 * What is asked: the windows; which window each counter has; and in one row, for each view, which counter it is of, and the limit
 * or ''.
 *
 * What is answered, behind the time: a letter for each hold; the part of each window that runs; of each counter what was
 * spent and reserved before, and for sliding windows what its two buckets held; then, where a letter has more to tell, that.
 * The caller adds up what the holds have taken. `O`: taken. `A`: it was before, with its parts. `N`, `W`: refused, with the
 * number of the claim. `S`: settled. `P`: no period runs, with the number of the claim. `U`: not known, with the numbers.
 */
import { BEGIN_PART, HOLD, LISTS, OPEN_FOR_WRITING, STANDING, SUMS } from './prelude.ts';

/** What is known of the counters so far, with what the holds before have taken. */
const LOOKING = `
local asked = cjson.decode(ARGV[6])
local windows, windowOf, views = {}, asked[2], asked[3]
local reply = {'OK', seq, fmt(now), ''}
for i, given in ipairs(asked[1]) do
  windows[i] = opened(given)
  reply[4 + i] = windows[i].part or ''
end
local n = #ARGV[5]
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
local function judge(seen, amounts, held)
  local unknown = {}
  for number, amount in ipairs(amounts) do
    local c, limit = views[seen[number] * 2 - 1], views[seen[number] * 2]
    local w = windows[windowOf[c]]
    if not w.part then return 'P', number end
    if not (spent[c] or look(c)) then
      unknown[#unknown + 1] = number
    elseif not held and limit ~= '' and #unknown == 0 and not fits(spent[c], reserved[c], amount, limit) then
      local waiting = add(exact(redis.call('HGET', KEYS[n + 2 + c], w.p)), provisional[c] or 0)
      local firm = add(reserved[c], negative(waiting))
      return fits(spent[c], firm, amount, limit) and 'W' or 'N', number
    end
  end
  if #unknown > 0 then return 'U', unknown end
  return held and 'A' or 'O'
end
`;

/** Takes one hold. */
const TAKING = `
local texts, ids, packed, middles = {}, {}, {}, {}
for one in string.gmatch(ARGV[7], '[^\\n]+') do packed[#packed + 1] = one end
-- What the texts of holds on the same views have between amounts and memo.
local function middle(seen)
  if not middles[seen] then
    local parts, claims = {}, {}
    for i, view in ipairs(seen) do
      parts[i], claims[i] = windows[windowOf[views[view * 2 - 1]]].part, packed[view]
    end
    middles[seen] = '\\n' .. cjson.encode(parts) .. '\\n[' .. table.concat(claims, ',') .. ']\\n'
  end
  return middles[seen]
end
local function take(h, seen, amounts, written, memo)
  local key, mark = KEYS[2 + h], string.sub(ARGV[5], h, h)
  for number, amount in ipairs(amounts) do
    local c = views[seen[number] * 2 - 1]
    reserved[c] = add(reserved[c], amount)
    taken[c] = add(taken[c] or 0, amount)
    if mark == 'P' then provisional[c] = add(provisional[c] or 0, amount) end
  end
  texts[#texts + 1] = key
  texts[#texts + 1] = mark .. ' ' .. #amounts .. ' ' .. ARGV[2] .. '\\n' .. written .. middle(seen) .. memo
  ids[#ids + 1] = string.sub(key, ARGV[4] + 1)
end
`;

export const RESERVE = `#!lua
${OPEN_FOR_WRITING}${SUMS}${LISTS}${STANDING}${BEGIN_PART}${HOLD}
long = ARGV[3] == '1'
${LOOKING}${TAKING}
local letters = {}
for h = 1, n do
  local held, given = read(before[h]), ARGV[7 + h]
  local first = string.find(given, '\\n', 1, true)
  local second = string.find(given, '\\n', first + 1, true)
  local written = string.sub(given, first + 1, second - 1)
  local seen, amounts = list(string.sub(given, 1, first - 1)), list(written)
  local letter, more = 'S', nil
  if not held or lives(held) then letter, more = judge(seen, amounts, held) end
  letters[h] = letter
  if letter == 'O' then
    take(h, seen, amounts, written, string.sub(given, second + 1))
  elseif letter == 'A' then
    push(held.parts)
  elseif letter == 'U' then
    push(table.concat(more, ' '))
  elseif more then
    push(more)
  end
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
