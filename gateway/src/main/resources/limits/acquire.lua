-- Takes what a request demands of several limits, all of it or nothing.
-- KEYS: two for each demand: its count, and who has reserved something of it.
-- ARGV: name of the reservation, milliseconds it lasts unless it is renewed, whether anything is to be taken (1 or 0);
-- then for each demand: minute, running or quota; limit; amount; when its count may be forgotten, in ms since 1970, or 0.
-- Answers: granted, refused or unknown; number of the demand that decided, from 1, or 0;
-- then for each demand: used, reserved, milliseconds until a minute ends, which minute it is.
local MINUTE, DAY = 60000, 86400000
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local reservation, lease, taking = ARGV[1], tonumber(ARGV[2]), ARGV[3] == '1'

local function amount_of(member)
  return tonumber(string.match(member, '|(%d+)$'))
end

-- Whoever has not renewed a reservation is gone, and what it held is free again.
local function expire(count, held)
  for _, member in ipairs(redis.call('ZRANGEBYSCORE', held, '-inf', now)) do
    redis.call('ZREM', held, member)
    redis.call('HINCRBY', count, 'reserved', -amount_of(member))
  end
end

local function number(key, field)
  return tonumber(redis.call('HGET', key, field) or '0')
end

local demands = #KEYS / 2
local state, decided, stands = 'granted', 0, {}

for i = 1, demands do
  local count, held = KEYS[2 * i - 1], KEYS[2 * i]
  local kind, limit, amount = ARGV[4 * i], tonumber(ARGV[4 * i + 1]), tonumber(ARGV[4 * i + 2])
  local used, reserved, reset, window = 0, 0, 0, '0'
  if kind == 'minute' then
    local left = redis.call('PTTL', count)
    if left > 0 then
      used, reset, window = number(count, 'used'), left, redis.call('HGET', count, 'window')
    end
    if state == 'granted' and used + math.min(amount, limit) > limit then
      state, decided = 'refused', i
    end
  else
    expire(count, held)
    used, reserved = number(count, 'used'), number(count, 'reserved')
    local all = used + reserved
    if state == 'granted' and kind == 'quota' and redis.call('HEXISTS', count, 'used') == 0 then
      state, decided = 'unknown', i
    elseif state == 'granted' and ((kind == 'quota' and all >= limit) or (kind == 'running' and all + amount > limit)) then
      state, decided = 'refused', i
    end
  end
  stands[i] = { used, reserved, reset, window }
end

if state == 'granted' and taking then
  for i = 1, demands do
    local count, held = KEYS[2 * i - 1], KEYS[2 * i]
    local kind, limit, amount = ARGV[4 * i], tonumber(ARGV[4 * i + 1]), tonumber(ARGV[4 * i + 2])
    if kind == 'minute' then
      amount = math.min(amount, limit)
      if stands[i][3] == 0 then
        redis.call('DEL', count)
        redis.call('HSET', count, 'used', string.format('%.0f', amount), 'window', string.format('%.0f', now))
        redis.call('PEXPIRE', count, MINUTE)
        stands[i] = { amount, 0, MINUTE, string.format('%.0f', now) }
      else
        redis.call('HINCRBY', count, 'used', string.format('%.0f', amount))
        stands[i][1] = stands[i][1] + amount
      end
    else
      redis.call('HINCRBY', count, 'reserved', ARGV[4 * i + 2])
      redis.call('ZADD', held, now + lease, reservation .. '|' .. ARGV[4 * i + 2])
      -- What runs may be forgotten a day after the last one began.
      local forget = tonumber(ARGV[4 * i + 3])
      if forget == 0 then
        forget = now + DAY
      end
      redis.call('PEXPIREAT', count, string.format('%.0f', forget))
      redis.call('PEXPIREAT', held, string.format('%.0f', forget))
      stands[i][2] = stands[i][2] + amount
    end
  end
end

local answer = { state, decided }
for i = 1, demands do
  answer[#answer + 1] = string.format('%.0f', stands[i][1])
  answer[#answer + 1] = string.format('%.0f', stands[i][2])
  answer[#answer + 1] = string.format('%.0f', stands[i][3])
  answer[#answer + 1] = stands[i][4]
end
return answer
