/**
 * What the scripts share: the epoch, the state's clock, exact sums, and where in a counter an amount belongs.
 *
 * The first key is always the ledger's record `meta`: epoch, seq, clock, phase, run. A script that meets another epoch than
 * the caller's, or a rebuild under way, changes nothing and says so.
 *
 * A counter is a hash. For each part of its window (a period's id, a bucket's number, or '' for all there is) it has
 * `s:<part>`, what is spent, and `r:<part>`, what is reserved, and `p:<part>`, how much of that is
 * provisional; for periods also `e:<part>`, when the period ends. `b`
 * marks a budget whose sums were read from the store, `l` is the length of a sliding window.
 */

/** The clock: Redis's own, kept from going backwards. */
export const CLOCK = `
local function fmt(n) return string.format('%.0f', n) end
local function clock(kept)
  local t = redis.call('TIME')
  local now = tonumber(t[1]) * 1000 + math.floor(tonumber(t[2]) / 1000)
  kept = tonumber(kept or '0')
  if kept > now then return kept end
  return now
end
`;

/** Opens a script that works on counters: ARGV[1] is the epoch. Leaves `now` and `seq`. */
export const OPEN = `
${CLOCK}
local meta = redis.call('HMGET', KEYS[1], 'epoch', 'seq', 'clock', 'phase')
if meta[1] ~= ARGV[1] or meta[4] then return {'EPOCH', meta[1] or '', meta[4] or ''} end
local now = clock(meta[3])
local seq = fmt(tonumber(meta[2] or '0') + 1)
`;

/** As {@link OPEN}, for scripts that change something. */
export const OPEN_FOR_WRITING = `${OPEN}
redis.call('HSET', KEYS[1], 'seq', seq, 'clock', fmt(now))
`;

/**
 * Sums of decimal strings. A Lua number is exact to 2^53; where an amount comes near, sums are made in two halves of nine
 * digits and the rest.
 */
export const SUMS = `
local NEAR = 1e15
local function halves(s)
  local sign = 1
  if string.byte(s, 1) == 45 then sign = -1; s = string.sub(s, 2) end
  local n = #s
  if n <= 9 then return 0, sign * tonumber(s) end
  return sign * tonumber(string.sub(s, 1, n - 9)), sign * tonumber(string.sub(s, n - 8))
end
local function fits(spent, reserved, amount, limit)
  local s, r, a, l = tonumber(spent), tonumber(reserved), tonumber(amount), tonumber(limit)
  if s < NEAR and s > -NEAR and r < NEAR and r > -NEAR and a < NEAR and l < NEAR then return s + r + a <= l end
  local sh, sl = halves(spent)
  local rh, rl = halves(reserved)
  local ah, al = halves(amount)
  local lh, ll = halves(limit)
  local low = sl + rl + al - ll
  local high = sh + rh + ah - lh + math.floor(low / 1e9)
  low = low % 1e9
  return high < 0 or (high == 0 and low == 0)
end
local function weighted(p, w)
  if p == 0 then return 0 end
  return math.floor(p / 1e6) * w + math.ceil((p % 1e6) * w / 1e6)
end
`;

/**
 * How a counter stands. `kind` is `P`, `S`, `T` or `H`; with `!` behind it the counter must be known. `data` is the length
 * of a sliding window, or lines of `start end id`. Answers part, spent, reserved, and for sliding windows what the two
 * buckets hold; or nil and why not. With `part` given, the period is that one, whatever the clock says.
 */
export const STANDING = `
-- Most claims of a hold have the same periods.
local last, lastPart, lastOver
local function standing(key, kind, data, part)
  local k = string.byte(kind, 1)
  if k == 83 then
    local length = tonumber(data)
    local bucket = math.floor(now / length)
    local cur, prev = fmt(bucket), fmt(bucket - 1)
    local v = redis.call('HMGET', key, 'l', 's:' .. cur, 'r:' .. cur, 's:' .. prev, 'r:' .. prev)
    if v[1] ~= data then v = {} end
    local sc, rc = tonumber(v[2] or '0'), tonumber(v[3] or '0')
    local sp, rp = tonumber(v[4] or '0'), tonumber(v[5] or '0')
    local w = math.ceil((length - now % length) * 1e6 / length)
    local spent, reserved = fmt(sc + weighted(sp, w)), fmt(rc + weighted(rp, w))
    return cur, spent, reserved, fmt(sc + rc), fmt(sp + rp), (bucket + 2) * length, v[2] or v[3]
  end
  local over
  if k == 80 and not part and data == last then
    part, over = lastPart, lastOver
  elseif k == 80 and not part then
    for from, to, id in string.gmatch(data, '(%-?%d+) (%-?%d+) ([^\\n]*)\\n') do
      if tonumber(from) <= now and now < tonumber(to) then
        part, over = id, tonumber(to)
        break
      end
    end
    if not part then return nil, 'PERIOD' end
    last, lastPart, lastOver = data, part, over
  end
  part = part or ''
  local v = redis.call('HMGET', key, 'b', 's:' .. part, 'r:' .. part)
  if not v[1] and string.byte(kind, 2) == 33 then return nil, 'UNKNOWN' end
  return part, v[2] or '0', v[3] or '0', nil, nil, over, v[2] or v[3]
end
`;

/** Drops the parts of a counter that are over and that nothing is held in, when a new part begins. */
export const BEGIN_PART = `
local KEEP = 86400000
local function begin(key, kind, part, data, over)
  local k = string.byte(kind, 1)
  if k ~= 80 and k ~= 83 then return end
  if k == 83 and redis.call('HGET', key, 'l') ~= data then redis.call('DEL', key) end
  local all = redis.call('HGETALL', key)
  local v, parts = {}, {}
  for i = 1, #all, 2 do
    v[all[i]] = all[i + 1]
    local p = string.match(all[i], '^[sr]:(.*)$')
    if p then parts[p] = true end
  end
  for p in pairs(parts) do
    local ended
    if k == 83 then
      ended = (tonumber(p) + 2) * tonumber(data) <= now
    else
      ended = v['e:' .. p] and tonumber(v['e:' .. p]) <= now
    end
    if ended and (v['r:' .. p] or '0') == '0' then redis.call('HDEL', key, 's:' .. p, 'r:' .. p, 'e:' .. p) end
  end
  if k == 83 then redis.call('HSET', key, 'l', data) elseif over then redis.call('HSET', key, 'e:' .. part, fmt(over)) end
  if over then redis.call('PEXPIRE', key, fmt(over - now + KEEP)) end
end
`;

/**
 * A hold is a string: `H`, or `P` while it is provisional, how many claims it has and whose it is; then in lines of their own its amounts, its parts, what
 * its claims are, and the memo. Once settled it is `F`; or, where it was reclaimed, `R` with the same lines, and in place
 * of the memo what was posted.
 */
export const HOLD = `
local function read(key)
  local text = redis.call('GET', key)
  if not text then return nil end
  local mark, n, owner, amounts, parts, claims, tail = string.match(text, '^(%u) ?(%d*) ?([^\\n]*)\\n?([^\\n]*)\\n?([^\\n]*)\\n?([^\\n]*)\\n?(.*)$')
  return {mark = mark, n = tonumber(n), owner = owner, amounts = amounts, parts = parts, claims = claims, tail = tail}
end
local function text(mark, hold, tail)
  local head = mark .. ' ' .. hold.n .. ' ' .. hold.owner
  return table.concat({head, hold.amounts, hold.parts, hold.claims, tail}, '\\n')
end
local function words(text, pattern)
  local list = {}
  for word in string.gmatch(text, pattern) do list[#list + 1] = word end
  return list
end
local function lives(hold) return hold and (hold.mark == 'H' or hold.mark == 'P') end
local WORD, PART = '(%S+)', '([^\\t]*)\\t'
`;
