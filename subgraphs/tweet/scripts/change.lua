-- Announces that something changed, to be looked up by whoever listens; so the last such announcement stands for all of
-- them, and a tweet that ten thousand people like takes one entry. KEYS after the log's: 4 where the last one is kept.
-- ARGV after the log's: 3 kind, 4 id.
epoch()
local before = redis.call('GET', KEYS[4])
if before then
  redis.call('XDEL', KEYS[1], before)
end
local position = redis.call('XADD', KEYS[1], 'MINID', '~', ms(now - RETENTION_MS), '*', 'kind', ARGV[3], 'id', ARGV[4])
redis.call('SET', KEYS[4], position, 'PX', ms(RETENTION_MS))
