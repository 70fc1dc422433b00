-- The home timeline of viewer $1, newest first: its definition, for whoever wants to compare. Only ids below $2, and
-- from $4 on. $3: how far apart the ids of two moments are that lie 24 hours apart.
WITH followed AS (
  SELECT followee_id AS id FROM follow_published.following WHERE follower_id = $1::bigint
),
blocked AS (
  SELECT blocked_id AS id FROM follow_published.blocks WHERE blocker_id = $1
  UNION SELECT blocker_id FROM follow_published.blocks WHERE blocked_id = $1
),
muted AS (
  SELECT muted_id AS id FROM follow_published.mutes WHERE muter_id = $1
),
entry AS (
  SELECT e.id, e.tweet_id
  -- 1: by the viewer, or by somebody whom the viewer follows
  FROM (SELECT id FROM followed UNION SELECT $1) author
  JOIN tweet_published.entries e ON e.author_id = author.id
  -- 3: entry, tweet and accounts stand
  JOIN tweet_published.entries t ON t.id = e.tweet_id
  JOIN user_published.accounts a ON a.id = e.author_id
  JOIN user_published.accounts ta ON ta.id = e.tweet_author_id
  WHERE e.id < $2::bigint AND e.id >= $4::bigint - $3::bigint
    -- 2: a reply only if the viewer wrote it, or it answers the viewer, its own author, or somebody followed
    AND (
      e.tweet_id <> e.id OR e.in_reply_to_id IS NULL OR e.author_id = $1
      OR e.in_reply_to_author_id = $1
      OR e.in_reply_to_author_id = e.author_id
      OR e.in_reply_to_author_id IN (SELECT id FROM followed)
    )
    -- 4: nobody blocked either way or muted, no retweet by whom they are hidden of, none of the protected but to followers
    AND e.author_id NOT IN (SELECT id FROM blocked UNION ALL SELECT id FROM muted)
    AND e.tweet_author_id NOT IN (SELECT id FROM blocked UNION ALL SELECT id FROM muted)
    AND (
      e.tweet_id = e.id
      OR e.author_id NOT IN (SELECT user_id FROM follow_published.hidden_retweets WHERE viewer_id = $1)
    )
    AND (NOT ta.is_protected OR ta.id = $1 OR ta.id IN (SELECT id FROM followed))
)
SELECT id, tweet_id
FROM (SELECT id, tweet_id, lag(id) OVER (PARTITION BY tweet_id ORDER BY id) AS before FROM entry) e
-- 5: a retweet not within 24 hours of another entry of the same tweet
WHERE (id = tweet_id OR before IS NULL OR before < id - $3) AND id >= $4
ORDER BY id DESC
