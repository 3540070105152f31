/**
 * Ends a hold, or posts without one. Once per id.
 *
 * KEYS: meta, hold, the holds of its owner, owners, then the counters: those of the hold's claims first, in their order,
 * then others that are only posted to. ARGV: epoch, hold id, the hold's owner, how many of the counters are the hold's,
 * `1` where it is reclaimed from a dead owner, how long to remember it (milliseconds), then per counter: actual, kind,
 * period or ''.
 *
 * A caller that does not know the hold is told what its claims are (`MORE`), and comes again with all of its counters.
 */
import { HOLD, OPEN_FOR_WRITING } from './prelude.ts';

export const SETTLE = `#!lua flags=allow-oom
${OPEN_FOR_WRITING}${HOLD}
local hold = read(KEYS[2])
local mark, n = hold and hold.mark, tonumber(ARGV[4])
local reclaim = ARGV[5] == '1'
if mark == 'F' or (reclaim and not lives(hold)) then return {'OK', seq, '0', '1'} end
if hold and (hold.n ~= n or hold.owner ~= ARGV[3]) then return {'MORE', seq, hold.owner, hold.claims} end
local parts = hold and words(hold.parts, PART) or {}
local amounts = hold and words(hold.amounts, WORD) or {}
local used = mark == 'R' and words(hold.tail, WORD) or {}
local function negative(s) if string.byte(s, 1) == 45 then return string.sub(s, 2) end return '-' .. s end
local posted = {}
for i = 1, #KEYS - 4 do
  local a = 7 + (i - 1) * 3
  local key, actual, kind = KEYS[4 + i], ARGV[a], ARGV[a + 1]
  local k = string.byte(kind, 1)
  local part, known = parts[i], true
  if part and lives(hold) and amounts[i] ~= '0' then
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
local stone = reclaim and text('R', hold, table.concat(posted, ' ')) or 'F'
redis.call('SET', KEYS[2], stone, 'PX', ARGV[6])
return {'OK', seq, late, '0'}
`;
