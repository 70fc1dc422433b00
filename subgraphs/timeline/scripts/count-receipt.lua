-- Counts a part of an entry's followers, once: the first count stands. KEYS: 1 receipt. ARGV: 1 run, 2 part, 3 now,
-- 4 audience, 5 reached.
local followers = redis.call('HGET', KEYS[1], 'part ' .. ARGV[2])
if not followers then
  return
end
redis.call('HDEL', KEYS[1], 'part ' .. ARGV[2])
redis.call('HINCRBY', KEYS[1], 'waiting', 0 - followers)
redis.call('HINCRBY', KEYS[1], 'parts', -1)
redis.call('HINCRBY', KEYS[1], 'audience', ARGV[4])
redis.call('HINCRBY', KEYS[1], 'reached', ARGV[5])
redis.call('HSET', KEYS[1], 'at', ARGV[3])
