-- Counts what was used instead of what had been reserved.
-- KEYS: two for each part: its count, and who has reserved something of it.
-- ARGV: name of the reservation; then for each part: minute, running or quota; amount taken; amount used; minute it was taken in.
-- Answers for each part: used before, used now, both without what is reserved.
local reservation = ARGV[1]
local answer = {}
for i = 1, #KEYS / 2 do
  local count, held = KEYS[2 * i - 1], KEYS[2 * i]
  local kind, taken, used, window = ARGV[4 * i - 2], tonumber(ARGV[4 * i - 1]), tonumber(ARGV[4 * i]), ARGV[4 * i + 1]
  local before = tonumber(redis.call('HGET', count, 'used') or '0')
  local after = before
  if kind == 'minute' then
    if redis.call('HGET', count, 'window') == window then
      after = math.max(0, before + used - taken)
      redis.call('HSET', count, 'used', string.format('%.0f', after))
    end
  else
    -- What has expired was given back already.
    if redis.call('ZREM', held, reservation .. '|' .. ARGV[4 * i - 1]) == 1 then
      redis.call('HINCRBY', count, 'reserved', -taken)
    end
    if kind == 'quota' and redis.call('HEXISTS', count, 'used') == 1 then
      after = redis.call('HINCRBY', count, 'used', used)
    end
  end
  answer[#answer + 1] = string.format('%.0f', before)
  answer[#answer + 1] = string.format('%.0f', after)
end
return answer
