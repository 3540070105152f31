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
import { OPEN_FOR_WRITING } from './prelude.ts';

export const SETTLE = `#!lua flags=allow-oom
${OPEN_FOR_WRITING}
local hold = redis.call('HMGET', KEYS[2], 't', 'n', 'p', 'a', 'o', 'c', 'u')
local stone, n = hold[1], tonumber(ARGV[4])
local reclaim = ARGV[5] == '1'
if stone == 'final' or (stone and reclaim) or (reclaim and not hold[2]) then return {'OK', seq, '0', '1'} end
if hold[2] and (tonumber(hold[2]) ~= n or hold[5] ~= ARGV[3]) then return {'MORE', seq, hold[5], hold[6]} end
local parts, amounts, used = {}, {}, {}
if hold[2] then
  for part in string.gmatch(hold[3], '([^\\n]*)\\n') do parts[#parts + 1] = part end
  for amount in string.gmatch(hold[4], '%S+') do amounts[#amounts + 1] = amount end
  for amount in string.gmatch(hold[7] or '', '%S+') do used[#used + 1] = amount end
end
local function negative(s) if string.byte(s, 1) == 45 then return string.sub(s, 2) end return '-' .. s end
local posted = {}
for i = 1, #KEYS - 4 do
  local a = 7 + (i - 1) * 3
  local key, actual, kind, part = KEYS[4 + i], ARGV[a], ARGV[a + 1], ARGV[a + 2]
  local k = string.byte(kind, 1)
  local own = parts[i]
  if own and not stone and amounts[i] ~= '0' and redis.call('HEXISTS', key, 'r:' .. own) == 1 then
    local left = redis.call('HINCRBY', key, 'r:' .. own, negative(amounts[i]))
    if left == 0 and k == 72 then redis.call('HDEL', key, 'r:' .. own) end
  end
  if k ~= 72 then
    local known = true
    if not own and string.byte(kind, 2) == 33 then known = redis.call('HEXISTS', key, 'b') == 1 end
    local target = own or part
    if k == 83 and not own then
      local length = redis.call('HGET', key, 'l')
      if length then target = fmt(math.floor(now / tonumber(length))) else known = false end
    end
    -- A bucket that is over and gone counts for nothing any more.
    if k == 83 and own and redis.call('HEXISTS', key, 'r:' .. own) == 0 then known = false end
    if known then
      if used[i] and used[i] ~= '0' then redis.call('HINCRBY', key, 's:' .. target, negative(used[i])) end
      if actual ~= '0' then redis.call('HINCRBY', key, 's:' .. target, actual) end
    end
  end
  if i <= n then posted[i] = actual end
end
local late = '1'
if hold[2] and not stone then
  local lease = redis.call('ZSCORE', KEYS[4], hold[5])
  if lease and tonumber(lease) > now then late = '0' end
  redis.call('SREM', KEYS[3], ARGV[2])
end
if reclaim then
  redis.call('HSET', KEYS[2], 't', 'reclaimed', 'u', table.concat(posted, ' '))
else
  redis.call('DEL', KEYS[2])
  redis.call('HSET', KEYS[2], 't', 'final')
end
redis.call('PEXPIRE', KEYS[2], ARGV[6])
return {'OK', seq, late, '0'}
`;
