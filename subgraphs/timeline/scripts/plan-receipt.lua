-- Begins an entry's receipt: with what is counted at once, and the parts of its author's followers that are still to be
-- counted. One that all parts are counted of stays as it is. KEYS: 1 receipt. ARGV: 1 run, 2 seconds that it lives,
-- 3 now, 4 audience, 5 reached, 6… part and its followers, in turn.
if redis.call('HGET', KEYS[1], 'parts') == '0' then
  return
end
local waiting, fields = 0, {}
for i = 6, #ARGV, 2 do
  waiting = waiting + ARGV[i + 1]
  fields[#fields + 1] = 'part ' .. ARGV[i]
  fields[#fields + 1] = ARGV[i + 1]
end
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'at', ARGV[3], 'audience', ARGV[4], 'reached', ARGV[5],
  'parts', #fields / 2, 'waiting', waiting)
for from = 1, #fields, 1000 do
  redis.call('HSET', KEYS[1], unpack(fields, from, math.min(from + 999, #fields)))
end
redis.call('EXPIRE', KEYS[1], ARGV[2])
