-- The home timeline of viewer $1, newest first: its definition, for whoever wants to compare. $2: only ids below it
-- (null: all). $3: how far apart the ids of two moments are that lie 24 hours apart.
WITH followed AS (
  SELECT followee_id AS id FROM follow_published.following WHERE follower_id = $1::bigint
),
entry AS (
  SELECT e.id, e.tweet_id
  FROM tweet_published.entries e
  WHERE ($2::bigint IS NULL OR e.id < $2)
    -- 1: by the viewer, or by somebody whom the viewer follows
    AND (e.author_id = $1 OR e.author_id IN (SELECT id FROM followed))
    -- 2: a reply only if the viewer wrote it, or it answers the viewer, its own author, or somebody followed
    AND (
      e.tweet_id <> e.id OR e.in_reply_to_id IS NULL OR e.author_id = $1
      OR e.in_reply_to_author_id = $1
      OR e.in_reply_to_author_id = e.author_id
      OR e.in_reply_to_author_id IN (SELECT id FROM followed)
    )
    -- 3: entry, tweet and accounts stand
    AND e.tweet_id IN (SELECT id FROM tweet_published.entries)
    AND e.author_id IN (SELECT id FROM user_published.accounts)
    AND e.tweet_author_id IN (SELECT id FROM user_published.accounts)
)
SELECT id, tweet_id
FROM (SELECT id, tweet_id, lag(id) OVER (PARTITION BY tweet_id ORDER BY id) AS before FROM entry) e
-- 5: a retweet not within 24 hours of another entry of the same tweet
WHERE id = tweet_id OR before IS NULL OR before < id - $3::bigint
ORDER BY id DESC
