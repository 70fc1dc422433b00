-- Counts on whose open streams a tweet was put, each viewer once. KEYS: 1 how many by latency, 2 who. ARGV: 1 run,
-- 2 seconds that the count lives, 3 seconds that it is known who, 4 now, 5… viewer and latency, in turn.
for i = 5, #ARGV, 2 do
  if redis.call('SADD', KEYS[2], ARGV[i]) == 1 then
    redis.call('HINCRBY', KEYS[1], ARGV[i + 1], 1)
  end
end
redis.call('HSET', KEYS[1], 'at', ARGV[4])
redis.call('EXPIRE', KEYS[1], ARGV[2])
redis.call('EXPIRE', KEYS[2], ARGV[3])
