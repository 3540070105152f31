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
 * Exact sums. A Lua number is exact to 2^53. An amount of up to 15 digits is a number; a longer one is its decimal text, and
 * once one was met (\`long\`), sums are made in two halves: nine digits, and the rest.
 */
export const SUMS = `
local NEAR = 1e15
local long = false
local function exact(s)
  if not s then return 0 end
  if #s <= 15 then return tonumber(s) end
  long = true
  return s
end
local function digits(a)
  if type(a) == 'number' then return fmt(a) end
  return a
end
local function negative(a)
  if type(a) == 'number' then return -a end
  if string.byte(a, 1) == 45 then return string.sub(a, 2) end
  return '-' .. a
end
local function halves(a)
  local s, sign = digits(a), 1
  if string.byte(s, 1) == 45 then sign = -1; s = string.sub(s, 2) end
  local n = #s
  if n <= 9 then return 0, sign * tonumber(s) end
  return sign * tonumber(string.sub(s, 1, n - 9)), sign * tonumber(string.sub(s, n - 8))
end
local function add(a, b)
  if not long then
    local sum = a + b
    if sum < NEAR and sum > -NEAR then return sum end
    long = true
  end
  local ah, al = halves(a)
  local bh, bl = halves(b)
  local low = al + bl
  local high = ah + bh + math.floor(low / 1e9)
  low = low % 1e9
  if high < 1e6 and high > -1e6 then return high * 1e9 + low end
  if high > 0 then return string.format('%.0f%09.0f', high, low) end
  if low == 0 then return string.format('%.0f000000000', high) end
  return string.format('%.0f%09.0f', high + 1, 1e9 - low)
end
-- A long limit is rounded here, and only compared with sums that are far below it.
local function fits(spent, reserved, amount, limit)
  if not long then return spent + reserved + amount - limit <= 0 end
  local over = add(add(add(spent, reserved), amount), negative(limit))
  if type(over) == 'number' then return over <= 0 end
  return string.byte(over, 1) == 45
end
local function weighted(p, w)
  if p == 0 then return 0 end
  return math.floor(p / 1e6) * w + math.ceil((p % 1e6) * w / 1e6)
end
`;

/** Lists as JSON: those of a script's holds are often the same, and each is read once. Nobody changes them. */
export const LISTS = `
local lists = {}
local function list(text)
  local found = lists[text]
  if not found then
    found = cjson.decode(text)
    lists[text] = found
  end
  return found
end
`;

/**
 * How a counter stands. A window is given as a list: its kind, \`P\`, \`S\`, \`T\` or \`H\`, with \`!\` behind it where the counter must
 * be known, then the length of a sliding window, or start, end and id of each period. \`opened\` says which part of it runs now,
 * and \`standing\` what a counter has spent and reserved in it, for sliding windows also what the two buckets hold, and whether the
 * part is there; or nothing where the counter must be known and is not.
 */
export const STANDING = `
local PERIODS, SLIDING, HELD = 80, 83, 72
local function named(w, part)
  w.part, w.s, w.r, w.p = part, 's:' .. part, 'r:' .. part, 'p:' .. part
  return w
end
local function opened(given)
  local w = {kind = string.byte(given[1], 1), known = string.byte(given[1], 2) == 33}
  if w.kind == PERIODS then
    for i = 2, #given, 3 do
      if given[i] <= now and now < given[i + 1] then
        w.over = given[i + 1]
        return named(w, given[i + 2])
      end
    end
    return w
  end
  if w.kind ~= SLIDING then return named(w, '') end
  local length = given[2]
  local bucket, previous = math.floor(now / length), fmt(math.floor(now / length) - 1)
  w.length, w.over = fmt(length), (bucket + 2) * length
  w.previousSpent, w.previousReserved = 's:' .. previous, 'r:' .. previous
  w.weight = math.ceil((length - now % length) * 1e6 / length)
  return named(w, fmt(bucket))
end
local function standing(key, w)
  if w.kind == SLIDING then
    local v = redis.call('HMGET', key, 'l', w.s, w.r, w.previousSpent, w.previousReserved)
    if v[1] ~= w.length then v = {} end
    local sc, rc = tonumber(v[2] or '0'), tonumber(v[3] or '0')
    local sp, rp = tonumber(v[4] or '0'), tonumber(v[5] or '0')
    if sc + rc + sp + rp >= NEAR then long = true end
    return sc + weighted(sp, w.weight), rc + weighted(rp, w.weight), sc + rc, sp + rp, v[2] or v[3]
  end
  local v = redis.call('HMGET', key, 'b', w.s, w.r)
  if w.known and not v[1] then return nil end
  return exact(v[2]), exact(v[3]), nil, nil, v[2] or v[3]
end
`;

/** Drops the parts of a counter that are over and that nothing is held in, when a new part begins. */
export const BEGIN_PART = `
local KEEP = 86400000
local function begin(key, w)
  if w.kind ~= PERIODS and w.kind ~= SLIDING then return end
  if w.kind == SLIDING and redis.call('HGET', key, 'l') ~= w.length then redis.call('DEL', key) end
  local all = redis.call('HGETALL', key)
  local v, parts = {}, {}
  for i = 1, #all, 2 do
    v[all[i]] = all[i + 1]
    local p = string.match(all[i], '^[sr]:(.*)$')
    if p then parts[p] = true end
  end
  for p in pairs(parts) do
    local ended
    if w.kind == SLIDING then
      ended = (tonumber(p) + 2) * tonumber(w.length) <= now
    else
      ended = v['e:' .. p] and tonumber(v['e:' .. p]) <= now
    end
    if ended and (v['r:' .. p] or '0') == '0' then redis.call('HDEL', key, 's:' .. p, 'r:' .. p, 'e:' .. p) end
  end
  if w.kind == SLIDING then redis.call('HSET', key, 'l', w.length) else redis.call('HSET', key, 'e:' .. w.part, fmt(w.over)) end
  redis.call('PEXPIRE', key, fmt(w.over - now + KEEP))
end
`;

/**
 * A hold is a string: `H`, or `P` while it is provisional, how many claims it has and whose it is; then in lines of their own
 * its amounts and its parts, both as JSON, what its claims are, and the memo. Once settled it is `F`; or, where it was
 * reclaimed, `R` with the same lines, and in place of the memo what was posted.
 */
export const HOLD = `
local function read(text)
  if not text then return nil end
  local mark, n, owner, amounts, parts, claims, tail = string.match(text, '^(%u) ?(%d*) ?([^\\n]*)\\n?([^\\n]*)\\n?([^\\n]*)\\n?([^\\n]*)\\n?(.*)$')
  return {mark = mark, n = tonumber(n), owner = owner, amounts = amounts, parts = parts, claims = claims, tail = tail}
end
local function text(mark, hold, tail)
  local head = mark .. ' ' .. hold.n .. ' ' .. hold.owner
  return table.concat({head, hold.amounts, hold.parts, hold.claims, tail}, '\\n')
end
local function lives(hold) return hold and (hold.mark == 'H' or hold.mark == 'P') end
`;
