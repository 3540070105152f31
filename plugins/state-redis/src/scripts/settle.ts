/** Ends holds, each once, and posts their bills. */
import { HOLD, LISTS, OPEN_FOR_WRITING, SUMS } from './prelude.ts';

/**
 * Ends holds of an owner that are there, each billed on counters of its own claims only. A hold that is not so is left to
 * {@link POST_BILL}. What is answered, behind the time, is a digit for each: `0` where it is not so, else `1`, or `2` where the
 * owner's lease had ended.
 *
 * KEYS: meta, the owner's holds, owners, the holds, then the counters of all their claims, each once. ARGV: epoch, owner, how
 * long to remember them (milliseconds), `1` where an amount has more than 15 digits, how many bytes of a hold's key come
 * before its id, JSON of what is asked.
 *
 * What is asked: for each counter `1` where it counts only what is held now, else `0`; and of each hold, for each claim, which
 * counter it is on, then what was used.
 */
export const SETTLE = `#!lua flags=allow-oom
${OPEN_FOR_WRITING}${SUMS}${LISTS}
long = ARGV[4] == '1'
local asked = cjson.decode(ARGV[6])
local onlyHeld, bills = asked[1], asked[2]
local n = #bills / 2
local texts = redis.call('MGET', unpack(KEYS, 4, n + 3))
local lease = redis.call('ZSCORE', KEYS[3], ARGV[2])
local settled = (lease and tonumber(lease) > now) and 1 or 2
-- Of every counter, what goes from one part of it.
local part, used, less, provisional = {}, {}, {}, {}
local function post(c)
  local key, known = KEYS[n + 3 + c], true
  if less[c] ~= 0 then
    local field = 'r:' .. part[c]
    local left = redis.call('HINCRBY', key, field, negative(less[c]))
    -- A part that is over and gone holds nothing, and counts for nothing any more.
    known = left >= 0
    if not known or (left == 0 and onlyHeld[c] == 1) then redis.call('HDEL', key, field) end
  end
  if provisional[c] ~= 0 and redis.call('HINCRBY', key, 'p:' .. part[c], negative(provisional[c])) <= 0 then
    redis.call('HDEL', key, 'p:' .. part[c])
  end
  if known and used[c] ~= 0 and onlyHeld[c] == 0 then redis.call('HINCRBY', key, 's:' .. part[c], used[c]) end
end
local answers, ended = {}, {}
for h = 1, n do
  local counters, bill = bills[h * 2 - 1], bills[h * 2]
  local mark, count, owner, amounts, parts
  if texts[h] then mark, count, owner, amounts, parts = string.match(texts[h], '^([HP]) (%d+) ([^\\n]*)\\n([^\\n]*)\\n([^\\n]*)\\n') end
  if not mark or owner ~= ARGV[2] or tonumber(count) ~= #bill then
    answers[h] = 0
  else
    amounts, parts = list(amounts), list(parts)
    for i = 1, #parts do
      local c, amount = counters[i], amounts[i]
      if part[c] ~= parts[i] then
        if part[c] then post(c) end
        part[c], used[c], less[c], provisional[c] = parts[i], 0, 0, 0
      end
      if type(amount) == 'string' then long = true end
      less[c], used[c] = add(less[c], amount), add(used[c], bill[i])
      if mark == 'P' then provisional[c] = add(provisional[c], amount) end
    end
    redis.call('SET', KEYS[3 + h], 'F', 'PX', ARGV[3])
    ended[#ended + 1] = string.sub(KEYS[3 + h], ARGV[5] + 1)
    answers[h] = settled
  end
end
for c in pairs(part) do post(c) end
if #ended > 0 then redis.call('SREM', KEYS[2], unpack(ended)) end
return {'OK', seq, fmt(now), table.concat(answers)}
`;

/**
 * Ends any hold, or posts without one. Once per id.
 *
 * KEYS: meta, hold, the holds of its owner, owners, then the counters: those of the hold's claims first, in their order,
 * then others that are only posted to. ARGV: epoch, hold id, the hold's owner, how many of the counters are the hold's,
 * `1` where it is reclaimed from a dead owner, how long to remember it (milliseconds), then per counter: actual, kind,
 * period or ''.
 *
 * A caller that does not know the hold is told what its claims are (`MORE`), and comes again with all of its counters.
 */
export const POST_BILL = `#!lua flags=allow-oom
${OPEN_FOR_WRITING}${SUMS}${HOLD}
local hold = read(redis.call('GET', KEYS[2]))
local mark, n = hold and hold.mark, tonumber(ARGV[4])
local reclaim = ARGV[5] == '1'
if mark == 'F' or (reclaim and not lives(hold)) then return {'OK', seq, '0', '1'} end
if hold and (hold.n ~= n or hold.owner ~= ARGV[3]) then return {'MORE', seq, hold.owner, hold.claims} end
local parts = hold and cjson.decode(hold.parts) or {}
local amounts = hold and cjson.decode(hold.amounts) or {}
local used = mark == 'R' and cjson.decode(hold.tail) or {}
local posted = {}
for i = 1, #KEYS - 4 do
  local a = 7 + (i - 1) * 3
  local key, actual, kind = KEYS[4 + i], ARGV[a], ARGV[a + 1]
  local k = string.byte(kind, 1)
  local part, known = parts[i], true
  if part and lives(hold) and amounts[i] ~= 0 then
    local left = redis.call('HINCRBY', key, 'r:' .. part, negative(amounts[i]))
    -- A part that is over and gone holds nothing, and counts for nothing any more.
    if left < 0 then known = false end
    if mark == 'P' and redis.call('HINCRBY', key, 'p:' .. part, negative(amounts[i])) <= 0 then
      redis.call('HDEL', key, 'p:' .. part)
    end
    if left < 0 or (left == 0 and k == 72) then redis.call('HDEL', key, 'r:' .. part) end
  elseif not part then
    part = ARGV[a + 2]
    if string.byte(kind, 2) == 33 then known = redis.call('HEXISTS', key, 'b') == 1 end
    if k == 83 then
      local length = redis.call('HGET', key, 'l')
      if length then part = fmt(math.floor(now / tonumber(length))) else known = false end
    end
  end
  if known and k ~= 72 then
    if used[i] and used[i] ~= '0' then redis.call('HINCRBY', key, 's:' .. part, negative(used[i])) end
    if actual ~= '0' then redis.call('HINCRBY', key, 's:' .. part, actual) end
  end
  if i <= n then posted[i] = actual end
end
local late = '1'
if lives(hold) then
  local lease = redis.call('ZSCORE', KEYS[4], hold.owner)
  if lease and tonumber(lease) > now then late = '0' end
  redis.call('SREM', KEYS[3], ARGV[2])
end
local stone = reclaim and text('R', hold, cjson.encode(posted)) or 'F'
redis.call('SET', KEYS[2], stone, 'PX', ARGV[6])
return {'OK', seq, late, '0'}
`;
