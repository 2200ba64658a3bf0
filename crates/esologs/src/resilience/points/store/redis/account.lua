-- The account of one key, where many hosts use it: one step of `Account` (points/account.rs) in one round trip. The rules and
-- their order are the same; a test holds the two against each other.
--
-- KEYS: the account, the points of each spender, the calls of each spender, the last calls that ended. ARGV: the request, as JSON.
-- Moments come as "so long ago" and go as "in so long": Redis' clock is the clock.

local NEVER = -9007199254740992
local LARGEST_SHARE = 0.5
local CLOSED_MS, LONGEST_CLOSED_MS = 60000, 70 * 60000
local DEVIATIONS, LARGEST_RESERVE, NEARLY_OVER_MS = 4, 2, 22000
local FADES_WITH_A_CALL, FADES_WITH_A_WINDOW = 0.99, 0.9
local PROBE_POINTS, PROBE_LEASE_MS, LOOK_POINTS, TIME_TO_LOOK = 1.5, 15000, 3, 3
local FIRST_ANSWER_MS = 3000
local HELD_MS = 1000
local MOMENT_MS, MAX_MOMENTS = 250, 64
local ROUNDING_MS, PROMPT_MS = 1000, 5000
local PART_OF_A_WINDOW, TINY_MS = 20, 8000
local MAX_SPENDERS, MOST_TOLD = 64, 64
-- All of it goes a day after the last use.
local EXPIRY_MS = 24 * 3600 * 1000
-- Who was not heard of for so long is not counted among those who share. Everybody speaks each second.
local MEMBER_MS = 30000
-- Those whom a Redis without memory does not know any more have so long to come back.
local FORGOTTEN_MS = 10000
-- Where nobody was heard of for so long, Redis was away, not they.
local SILENCE_MS = 5000
-- Of what is left, so much is promised to the processes that share it; the rest is for those nobody knows of.
local PROMISED = 7 / 8
-- Who found no room beside the promises has it made for so long.
local WANTED_MS = 3000

local request = cjson.decode(ARGV[1])
local settings, step = request.settings, request.step
local time = redis.call('TIME')
local micros = time[1] * 1000000 + time[2]
local now = request.now_ms or math.floor(micros / 1000)

local packed = redis.call('GET', KEYS[1])
local account = packed and cmsgpack.unpack(packed) or {
  -- Which life this is: Redis may forget the account, and it begins anew.
  born = micros, steps = 0, last_ms = now,
  window = 0, spent = 0, begun = NEVER, heard = NEVER, length = 0, since = NEVER, closed_until = NEVER, is_passive = false,
  in_flight = {}, reserved = 0, moments = {}, settling = 0, ambiguous = 0,
  bound = 0, grown = 0, interactive = 0, wanted_in_window = 0, wanted_before = 0, probe_until = NEVER,
  told = 0, members = {}, wanted = 0, wanted_until = NEVER,
}

local life = request.life
local is_strange = life and (life.born ~= account.born or life.steps > account.steps)
if is_strange and not request.home then return {'lost'} end
-- An older copy was restored: the others must notice, too.
if is_strange and life.born == account.born then account.born = micros end
account.steps = account.steps + 1

local function is_number(value) return type(value) == 'number' end

local function clamp(value, low, high) return math.max(low, math.min(value, high)) end

local function planned() return account.limit - math.max(account.limit * settings.safety, PROBE_POINTS) end

local function unsettled() return account.settling + account.ambiguous end

local function open() return account.reserved + unsettled() end

-- How far the counter may be behind (account/rhythm.rs).

local function hear_rhythm(snapshot, latest, left, received)
  if account.no_longer and left > account.no_longer then account.no_longer = nil end
  if account.since == NEVER then return end
  account.no_longer = math.min(account.no_longer or math.huge, math.max(latest - account.since, 1))
  if snapshot.spent > 0 then
    account.shows_within = math.min(account.shows_within or math.huge, math.max(received - account.since, 0))
  end
end

local function lag()
  if not account.no_longer then return settings.lag_ms + settings.on_its_way_ms end
  local least = math.floor(account.no_longer / PART_OF_A_WINDOW)
  if account.no_longer >= TINY_MS then least = math.max(least, account.shows_within or math.huge) end
  return math.min(settings.lag_ms, least) + settings.on_its_way_ms
end

-- What is over, but in no snapshot for sure (unsettled.rs).

local function add_unsettled(kind, points)
  account[kind] = account[kind] + points
  local moments = account.moments
  local last = moments[#moments]
  if not last or math.floor(last.at / MOMENT_MS) ~= math.floor(now / MOMENT_MS) then
    if #moments == MAX_MOMENTS then
      local oldest = table.remove(moments, 1)
      local next_one = moments[1]
      next_one.settling = next_one.settling + oldest.settling
      next_one.ambiguous = next_one.ambiguous + oldest.ambiguous
      next_one.at = math.max(next_one.at, oldest.at)
    end
    last = {at = now, settling = 0, ambiguous = 0}
    moments[#moments + 1] = last
  end
  last[kind] = last[kind] + points
  last.at = math.max(last.at, now)
end

local function forget_until(until_ms)
  local moments = account.moments
  if not moments[1] or moments[1].at > until_ms then return end
  local kept, settling, ambiguous = {}, 0, 0
  for _, moment in ipairs(moments) do
    if moment.at > until_ms then
      kept[#kept + 1] = moment
      settling = settling + moment.settling
      ambiguous = ambiguous + moment.ambiguous
    end
  end
  account.moments, account.settling, account.ambiguous = kept, settling, ambiguous
end

-- Who spent what in the running window (spenders.rs).

local function spend(owner, operation, calls, points, is_guess)
  if owner == '' then return end
  local row = owner .. '\0' .. operation
  if not redis.call('ZSCORE', KEYS[2], row) and redis.call('ZCARD', KEYS[2]) >= MAX_SPENDERS then
    local smallest = redis.call('ZPOPMIN', KEYS[2])[1]
    redis.call('HDEL', KEYS[3], smallest, smallest .. '\0calls', smallest .. '\0points')
  end
  -- What was guessed is put right by the first call whose price is known.
  local guessed_calls, guessed_points = row .. '\0calls', row .. '\0points'
  if is_guess then
    redis.call('HINCRBY', KEYS[3], guessed_calls, calls)
    redis.call('HINCRBYFLOAT', KEYS[3], guessed_points, string.format('%.17g', points))
  elseif redis.call('HEXISTS', KEYS[3], guessed_calls) == 1 then
    local guessed = redis.call('HMGET', KEYS[3], guessed_calls, guessed_points)
    redis.call('HDEL', KEYS[3], guessed_calls, guessed_points)
    points = points + tonumber(guessed[1]) * points / calls - tonumber(guessed[2])
  end
  redis.call('ZINCRBY', KEYS[2], string.format('%.17g', points), row)
  redis.call('HINCRBY', KEYS[3], row, calls)
  redis.call('PEXPIRE', KEYS[2], EXPIRY_MS)
  redis.call('PEXPIRE', KEYS[3], EXPIRY_MS)
end

-- The last calls that ended, told to all who share the account, so that they learn from each other's what calls cost.

local function whose(flight) return flight.id:match('^(.-):') end

-- The number of the window that an answer told of (ask.rs): one that was long on its way tells of the window before.
local function window_of(snapshot)
  local reset_in_s = snapshot and snapshot.reset_in_s
  if not is_number(reset_in_s) then return account.window end
  local latest = now - snapshot.received_ago_ms + math.floor(clamp(reset_in_s * 1000, 0, 1e12)) + ROUNDING_MS
  local is_running = account.window_end and latest + ROUNDING_MS >= account.window_end.latest
  return is_running and account.window or math.max(account.window - 1, 0)
end

local function tell(flight, is_sure, snapshot)
  if not flight.shape or flight.shape == '0' then return end
  local sent = snapshot and now - snapshot.sent_ago_ms or flight.since
  local spent = snapshot and type(snapshot.spent) == 'number' and string.format('%.17g', snapshot.spent) or '-'
  redis.call('RPUSH', KEYS[4], string.format('%s %s %.17g %.0f %.0f %d %s %.0f',
    whose(flight), flight.shape, flight.expected, sent, now, is_sure and 1 or 0, spent, window_of(snapshot)))
  redis.call('LTRIM', KEYS[4], -MOST_TOLD, -1)
  redis.call('PEXPIRE', KEYS[4], EXPIRY_MS)
  account.told = account.told + 1
end

-- What was told since this process asked last; where that is too much, nothing.
local function told_since()
  local new = request.heard and account.told - request.heard or 0
  if new <= 0 or new > MOST_TOLD then return {} end
  return redis.call('LRANGE', KEYS[4], -new, -1)
end

-- The window (window.rs).

local function relation(known, told)
  if told.earliest > known.latest then return 'later' end
  if told.latest < known.earliest then return 'earlier' end
  return 'same'
end

local function begin_window(earliest, latest)
  account.window = account.window + 1
  account.spent = 0
  account.window_end = nil
  account.begun = latest
  account.interactive = account.interactive * FADES_WITH_A_WINDOW
  account.wanted_before = math.max(account.wanted_in_window, FADES_WITH_A_WINDOW * account.wanted_before)
  account.wanted_in_window = 0
  account.closed_until = NEVER
  account.probe_until = NEVER
  forget_until(earliest - lag())
  account.since = earliest
  account.bound = open()
  redis.call('DEL', KEYS[2], KEYS[3])
end

local function take_out(at)
  local flights = account.in_flight
  local taken = flights[at]
  flights[at] = flights[#flights]
  flights[#flights] = nil
  account.reserved = #flights == 0 and 0 or math.max(account.reserved - taken.amount, 0)
  return taken
end

local function position(id)
  for at, flight in ipairs(account.in_flight) do
    if flight.id == id then return at end
  end
end

local function pass_time()
  local moments = account.moments
  if moments[1] and moments[#moments].at > now then
    for _, moment in ipairs(moments) do moment.at = math.min(moment.at, now) end
  end
  local at = 1
  while at <= #account.in_flight do
    if account.in_flight[at].lease_until > now then
      at = at + 1
    else
      local dead = take_out(at)
      add_unsettled('ambiguous', dead.amount)
      spend(dead.owner, dead.operation, 1, dead.expected, dead.is_guess)
      tell(dead, false)
    end
  end
  local ends = account.window_end
  if ends and now > ends.latest then begin_window(ends.earliest, ends.latest) end
end

local function observe(snapshot)
  if not (is_number(snapshot.limit) and is_number(snapshot.spent) and is_number(snapshot.reset_in_s)) then return end
  if not (snapshot.limit > 0 and snapshot.spent >= 0 and snapshot.reset_in_s >= 0) then return end
  local sent, received = now - snapshot.sent_ago_ms, now - snapshot.received_ago_ms
  local left = math.floor(clamp(snapshot.reset_in_s * 1000, 0, 1e12))
  local told = {earliest = sent + left - ROUNDING_MS, latest = received + left + ROUNDING_MS}
  local ends, how = account.window_end, nil
  if ends then
    how = relation(ends, told)
    if how == 'earlier' and sent > account.heard then how = 'later' end
  else
    how = sent >= account.begun and 'later' or 'earlier'
  end
  if how == 'earlier' then return end
  if how == 'same' then
    if told.latest - told.earliest <= PROMPT_MS + 2 * ROUNDING_MS then
      ends.earliest = math.max(ends.earliest, told.earliest)
      ends.latest = math.min(ends.latest, told.latest)
    end
    account.grown = account.grown + math.max(snapshot.spent - account.spent, 0)
    account.spent = math.max(account.spent, snapshot.spent)
  else
    if ends then
      begin_window(math.min(ends.earliest, sent), math.min(ends.latest, received))
      account.since = NEVER
    end
    if account.limit then account.grown = account.grown + snapshot.spent end
    if account.window == 0 then account.window = 1 end
    account.spent = snapshot.spent
    account.window_end = told
  end
  account.limit = snapshot.limit
  account.is_passive = false
  account.closed_until = NEVER
  account.heard = math.max(account.heard, received)
  hear_rhythm(snapshot, account.window_end.latest, left, received)
  account.length = math.min(math.max(account.length, left), account.no_longer or math.huge)
  account.probe_until = NEVER
  forget_until(sent - lag())
  account.bound = math.max(math.min(account.bound, account.spent + open()), account.spent)
end

-- Who shares the account, and what each may spend if Redis goes away: a promise that the others keep clear of.

local function promised_to_others()
  local points, fraction, count = 0, 0, 1
  for name, member in pairs(account.members) do
    if name ~= request.me then
      fraction = fraction + member.fraction
      if member.window == account.window then
        points = points + member.points
      elseif account.limit then
        -- It may have begun this window alone.
        points = points + member.fraction * planned()
      end
      if name ~= '' then count = count + 1 end
    end
  end
  return points, fraction, count
end

local function forget_silent_members()
  local silence = now - account.last_ms
  for name, member in pairs(account.members) do
    if silence > SILENCE_MS then member.until_ms = member.until_ms + silence end
    member.until_ms = math.min(member.until_ms, now + MEMBER_MS)
    if member.until_ms <= now and name ~= request.me then
      account.members[name] = nil
      -- It is dead, or cut off. What it had sent may be charged.
      for _, flight in ipairs(account.in_flight) do
        if flight.id:sub(1, #name + 1) == name .. ':' then flight.lease_until = now end
      end
    end
  end
  account.last_ms = now
end

-- What this process goes by if Redis goes away now: what it was told last, if it has shown that it heard it; or else anything that it
-- may still go by.
local function goes_by()
  local before = account.members[request.me]
  if not before then return 0, 0 end
  local heard = request.life and request.life.born == account.born and before.told and request.life.steps >= before.told.at
  local by = heard and before.told or before
  if before.window == account.window then return by.points, by.fraction end
  return account.limit and by.fraction * planned() or 0, by.fraction
end

local function promise()
  local others, others_fraction, count = promised_to_others()
  local told = {points = 0, at = account.steps}
  told.fraction = clamp(PROMISED - others_fraction, 0, PROMISED / count)
  if account.limit then
    local free = planned() - account.spent - open()
    local wanted = now < account.wanted_until and account.wanted or 0
    told.points = clamp(free - others, 0, PROMISED * math.max(free - wanted, 0) / count)
  end
  local points, fraction = goes_by()
  account.members[request.me] = {
    until_ms = now + MEMBER_MS, window = account.window, told = told,
    points = math.max(points, told.points), fraction = math.max(fraction, told.fraction),
  }
  return told, others, others_fraction
end

-- It is not there any more, so nothing is kept for it.
local function leave()
  local others, others_fraction = promised_to_others()
  account.members[request.me] = nil
  return {points = 0, fraction = 0}, others, others_fraction
end

-- What batch calls leave to interactive ones (account/kept.rs).

local function wanted() return math.max(account.wanted_before, account.wanted_in_window) end

local function may_be_wanted(part)
  local mean = wanted() * part
  return mean + DEVIATIONS * math.sqrt(mean * account.interactive) + account.interactive
end

local function wanted_within(points)
  local largest = account.interactive
  if points < largest then return 0 end
  local half = DEVIATIONS * math.sqrt(largest) / 2
  local root = math.sqrt(half * half + points - largest) - half
  return wanted() > 0 and math.min(root * root / wanted(), 1) or 1
end

local function falls_between()
  local quarter = math.max(math.floor(account.length / 4), 2)
  return quarter, math.min(NEARLY_OVER_MS, math.floor(quarter / 2))
end

local function kept_for_interactive()
  local set = account.limit * settings.reserve_for_interactive
  if not account.window_end or account.length <= 0 then return clamp(may_be_wanted(1), set, LARGEST_RESERVE * set) end
  local quarter, nearly_over = falls_between()
  local left = account.window_end.latest - now - nearly_over
  if left <= 0 then return 0 end
  local fallen = set * math.min(left / (quarter - nearly_over), 1)
  return clamp(may_be_wanted(math.min(left / account.length, 1)), fallen, LARGEST_RESERVE * set)
end

local function falls_until(at)
  local ends, quarter, nearly_over = account.window_end, falls_between()
  return ends and ends.latest - now <= quarter and ends.latest - at > TIME_TO_LOOK * nearly_over
end

local function room_again(amount, whole)
  local ends = account.window_end
  if not ends then return now + HELD_MS end
  local over = ends.latest + 1
  local room = whole - account.spent - amount
  local set = account.limit * settings.reserve_for_interactive
  if room < 0 or set <= 0 then return over end
  local quarter, nearly_over = falls_between()
  local fallen = room < set and (quarter - nearly_over) * (room / set) or account.length
  local again = ends.latest - nearly_over - math.floor(math.min(fallen, account.length * wanted_within(room)))
  return clamp(again, now + 1, math.max(over, now + 1))
end

-- The steps (account.rs).

-- The amount, or nothing, why not and when to ask again.
local function admit(ask)
  if account.is_passive then return ask.estimate end
  if now < account.closed_until then return nil, 'spent', account.closed_until end
  if not account.limit then
    local asked = math.huge
    for _, flight in ipairs(account.in_flight) do asked = math.min(asked, flight.since) end
    local until_ms = math.min(asked, now) + FIRST_ANSWER_MS
    if #account.in_flight == 0 or now >= until_ms then return ask.estimate end
    return nil, 'first_answer', until_ms
  end
  local whole = planned()
  local kept = ask.is_batch and kept_for_interactive() or 0
  local amount = math.min(ask.estimate, whole * LARGEST_SHARE)
  local room = whole - kept - account.spent - amount
  if ask.is_probe and account.bound + amount <= account.limit then return amount end
  if open() <= room then
    if open() + promised_to_others() <= whole - account.spent - amount then return amount end
    account.wanted, account.wanted_until = amount, now + WANTED_MS
    return nil, 'on_their_way', now + HELD_MS
  end
  if room < 0 then return nil, 'spent', room_again(amount, whole) end
  local newest = account.moments[#account.moments]
  if not newest or account.reserved > room then return nil, 'on_their_way', now + HELD_MS end
  local again
  if ask.is_batch and account.reserved + LOOK_POINTS > room then
    again = room_again(amount + math.min(open(), LOOK_POINTS), whole)
  elseif ask.is_batch then
    again = room_again(amount + open(), whole)
    if not falls_until(again) then again = nil end
  end
  if not again then return nil, 'unsettled', newest.at + lag() + 1 end
  if account.reserved <= 0 then return nil, 'spent', again end
  return nil, 'on_their_way', now + HELD_MS
end

local function reserve(ask)
  if not ask.is_batch then account.interactive = math.max(ask.estimate, FADES_WITH_A_CALL * account.interactive) end
  local amount, why, again = admit(ask)
  if not amount then return why .. ' ' .. math.max(again - now, 1) end
  if not ask.is_batch then account.wanted_in_window = account.wanted_in_window + ask.expected end
  account.reserved = account.reserved + amount
  account.bound = account.bound + amount
  account.in_flight[#account.in_flight + 1] = {
    id = ask.id, amount = amount, expected = ask.expected, is_guess = ask.is_guess,
    is_probe = ask.is_probe,
    owner = ask.owner, operation = ask.operation, shape = ask.shape, since = now, lease_until = now + ask.lease_ms,
  }
  return 'reserved 0'
end

local function note_refused(refused)
  local sent = now - refused.sent_ago_ms
  if account.limit and account.window_end and sent >= account.begun then
    account.spent = math.max(account.spent, account.limit)
  elseif not (account.limit and sent < account.begun) then
    account.closed_until = now + clamp(refused.retry_after_ms or CLOSED_MS, 1000, LONGEST_CLOSED_MS)
  end
end

local function finish(finished)
  local at, flight = position(finished.id), nil
  if at then
    flight = take_out(at)
    if finished.charge == 'no' then
      account.bound = account.bound - flight.amount
    else
      if flight.is_probe and finished.charge == 'maybe' then account.probe_until = math.min(account.probe_until, now + lag()) end
      add_unsettled(finished.charge == 'yes' and 'settling' or 'ambiguous', flight.amount)
      spend(flight.owner, flight.operation, 1, flight.expected, flight.is_guess)
    end
  end
  if finished.snapshot then
    observe(finished.snapshot)
  elseif finished.charge == 'yes' and not account.limit then
    account.is_passive = true
  end
  if flight and finished.charge ~= 'no' then tell(flight, finished.charge == 'yes', finished.snapshot) end
  if finished.refused then
    pass_time()
    note_refused(finished.refused)
  end
  return 'done 0'
end

local function probe()
  local may = now >= account.probe_until or account.probe_until > now + PROBE_LEASE_MS
  if may then account.probe_until = now + PROBE_LEASE_MS end
  return 'may_probe ' .. (may and 1 or 0)
end

-- A process was without Redis for a while, or Redis lost its memory: what it knows and what happened meanwhile.

local function learn(home)
  account.window = math.max(account.window, home.window)
  account.length = math.max(account.length, home.length_ms)
  if home.closed_for_ms then account.closed_until = math.max(account.closed_until, now + home.closed_for_ms) end
  if not home.limit then return end
  local ends, heard = account.window_end, now - home.heard_ago_ms
  local told = home.ends_in_ms and {earliest = now + home.ends_in_ms.earliest, latest = now + home.ends_in_ms.latest}
  if not account.limit then
    account.limit, account.spent, account.window_end, account.is_passive = home.limit, home.spent, told, false
    account.begun, account.heard = now - home.begun_ago_ms, heard
    account.grown = math.max(account.grown, home.grown)
  elseif told and ends and relation(ends, told) == 'same' then
    account.grown = account.grown + math.max(home.spent - account.spent, 0)
    account.spent = math.max(account.spent, home.spent)
  elseif told and (not ends and heard >= account.begun or ends and relation(ends, told) == 'later') then
    local window = account.window
    if ends then begin_window(ends.earliest, ends.latest) end
    account.window, account.since = window, NEVER
    account.grown = account.grown + home.spent
    account.limit, account.spent, account.window_end = home.limit, home.spent, told
  end
  account.heard = math.max(account.heard, heard)
end

-- Of those who shared the account before it was lost: they may be alone still, with what was promised to them then. Who comes
-- first tells what is promised to all others; who comes later is one of them.
local function come_home_from_before(home)
  local before = account.members['']
  if not account.knows_of_before then
    account.knows_of_before = true
    account.members[''] = {
      until_ms = now + FORGOTTEN_MS, window = home.promised_in,
      points = home.promised_to_others, fraction = home.fraction_of_others,
    }
  elseif before then
    before.points = math.max(before.points - home.promised, 0)
    before.fraction = before.fraction - home.fraction
    if before.fraction < 0.001 then account.members[''] = nil end
  end
end

local function take_home(home)
  learn(home)
  for _, flight in ipairs(home.on_their_way) do
    if not position(flight.id) then
      flight.since, flight.since_ago_ms = now - flight.since_ago_ms, nil
      flight.lease_until, flight.lease_ms = now + flight.lease_ms, nil
      account.in_flight[#account.in_flight + 1] = flight
      account.reserved = account.reserved + flight.amount
    end
  end
  local meanwhile = is_strange and home.all or home.meanwhile
  if meanwhile.settling > 0 then add_unsettled('settling', meanwhile.settling) end
  if meanwhile.ambiguous > 0 then add_unsettled('ambiguous', meanwhile.ambiguous) end
  account.bound = account.spent + open()
  if home.window == account.window then
    for _, row in ipairs(home.spenders) do spend(row.owner, row.operation, row.calls, row.points, row.guesses.calls > 0) end
  end
  if is_strange then come_home_from_before(home) end
end

local function rows_of_spenders()
  local rows = {}
  local points = redis.call('ZREVRANGE', KEYS[2], 0, -1, 'WITHSCORES')
  for at = 1, #points, 2 do
    local owner, operation = points[at]:match('^(.-)%z(.*)$')
    for _, cell in ipairs({owner, operation, redis.call('HGET', KEYS[3], points[at]) or '0', points[at + 1]}) do
      rows[#rows + 1] = cell
    end
  end
  return rows
end

for _, id in ipairs(request.gone) do
  local at = position(id)
  if at then account.bound = account.bound - take_out(at).amount end
end
forget_silent_members()
if request.home then take_home(request.home) end
pass_time()
local outcome, rows = 'done 0', {}
if step.reserve then
  outcome = reserve(step.reserve)
elseif step.finish then
  outcome = finish(step.finish)
elseif step.probe then
  outcome = probe()
elseif step.spenders then
  rows = rows_of_spenders()
end
local mine, others, others_fraction
if step.leave then mine, others, others_fraction = leave() else mine, others, others_fraction = promise() end
redis.call('SET', KEYS[1], cmsgpack.pack(account), 'PX', EXPIRY_MS)

local function text(value)
  if value == nil then return '-' end
  return string.format('%.17g', value)
end

local function within(moment)
  if moment == nil or moment <= NEVER then return '-' end
  return string.format('%.0f', moment - now)
end

local told = step.spenders and {} or told_since()
local oldest
for _, flight in ipairs(account.in_flight) do
  if whose(flight) ~= request.me then oldest = math.min(oldest or flight.since, flight.since) end
end

local ends, newest = account.window_end, account.moments[#account.moments]
local answer = {
  outcome, text(account.born), text(account.steps),
  text(account.window), text(account.limit), text(account.spent),
  within(ends and ends.earliest), within(ends and ends.latest), within(account.begun), within(account.heard),
  text(account.length), within(account.closed_until), account.is_passive and 1 or 0, text(account.grown),
  text(account.reserved), text(account.settling), text(account.ambiguous), #account.in_flight,
  within(newest and newest.at + lag() + 1),
  text(account.limit and kept_for_interactive() or 0),
  text(mine.points), text(mine.fraction), text(others), text(others_fraction),
  string.format('%.0f %.0f', account.told, now), within(oldest), #told,
}
for at = #told, 1, -1 do table.insert(rows, 1, told[at]) end
table.insert(rows, 1, table.concat(answer, ' '))
return rows
