-- Keeps reservations of requests that run still.
-- KEYS: who has reserved something. ARGV: milliseconds they last from now; then the reservation of each key.
local clock = redis.call('TIME')
local expiry = clock[1] * 1000 + math.floor(clock[2] / 1000) + tonumber(ARGV[1])
for i, held in ipairs(KEYS) do
  if redis.call('ZSCORE', held, ARGV[i + 1]) then
    redis.call('ZADD', held, expiry, ARGV[i + 1])
  end
end
return {}
