-- Announces tweets of one conversation, each once: to whoever listens now, and at the same positions to whoever comes
-- back to the conversation. KEYS after the log's: 4 the conversation's own log, 5… one per tweet, which says that it was
-- announced. ARGV after the log's: 3 kind, 4 conversation, 5… the tweets.
epoch()
local thread, oldest = KEYS[4], ms(now - RETENTION_MS)
for i = 5, #KEYS do
  if redis.call('SET', KEYS[i], '1', 'NX', 'PX', ms(RETENTION_MS)) then
    local position = redis.call('XADD', KEYS[1], 'MINID', '~', oldest, '*', 'kind', ARGV[3], 'thread', ARGV[4], 'id', ARGV[i])
    redis.call('XADD', thread, 'MINID', '~', oldest, position, 'kind', ARGV[3], 'thread', ARGV[4], 'id', ARGV[i])
    redis.call('PEXPIRE', thread, ms(RETENTION_MS))
  end
end
