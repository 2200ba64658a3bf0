-- The token of one key, where many processes use it: what there is, who fetches one, and what was fetched.
--
-- KEYS: the token, the lease of who fetches. ARGV: what to do, who asks, how long a lease is, whose token it is; more below.
-- Moments are Redis' own: a token ends with its key.

local what, me, lease_ms, whose = ARGV[1], ARGV[2], ARGV[3], ARGV[4]

-- Anything else that lies there is no token, and is replaced.
local found = redis.pcall('HMGET', KEYS[1], 'whose', 'token', 'renewed_before_ms')
local left_ms = redis.call('PTTL', KEYS[1])
local token, renewed_before_ms = found[2], found[3]
local is_token = not found.err and found[1] == whose and left_ms > 0
  and token and token:find('^[!-~]+$') and renewed_before_ms and renewed_before_ms:find('^%d*$')

local holder = redis.pcall('GET', KEYS[2])
local is_mine = holder == me
local is_free = type(holder) ~= 'string' or redis.call('PTTL', KEYS[2]) < 0

local function take_turn() redis.call('SET', KEYS[2], me, 'PX', lease_ms) end

local function end_turn() if is_mine then redis.call('DEL', KEYS[2]) end end

if what == 'ask' then
  local rejected, ending, would_fetch = ARGV[5], ARGV[6], ARGV[7] == 'would fetch'
  if is_token and token ~= rejected and token ~= ending then
    return {'use', token, string.format('%.0f', left_ms), renewed_before_ms}
  end
  if is_token and token == rejected then redis.call('DEL', KEYS[1]) end
  if not would_fetch or not (is_mine or is_free) then return {'wait'} end
  take_turn()
  return {'fetch'}
end

if what == 'hold' and (is_mine or is_free) then take_turn() end

if what == 'leave' then end_turn() end

if what == 'keep' then
  local kept, kept_ms, kept_renewed_before_ms = ARGV[5], ARGV[6], ARGV[7]
  -- One that was fetched without Redis does not take the place of one that is good for longer.
  if is_mine or not is_token or left_ms < tonumber(kept_ms) then
    redis.call('DEL', KEYS[1])
    redis.call('HSET', KEYS[1], 'whose', whose, 'token', kept, 'renewed_before_ms', kept_renewed_before_ms)
    redis.call('PEXPIRE', KEYS[1], kept_ms)
  end
  end_turn()
end

return {'done'}
