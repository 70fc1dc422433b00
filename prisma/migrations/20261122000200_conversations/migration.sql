-- Quotes, who may reply, edits; bookmarks, pins, hashtags; whom to forget.
ALTER TABLE tweets.entries
  ADD COLUMN quoted_id BIGINT,
  ADD COLUMN quoted_author_id BIGINT, -- kept here, so that a quote can be judged when what it quotes is gone
  ADD COLUMN reply_policy VARCHAR(16), -- EVERYONE, FOLLOWING or MENTIONED; null is EVERYONE
  ADD COLUMN edited_at TIMESTAMPTZ(3);
CREATE INDEX entries_quoted_id_id_idx ON tweets.entries (quoted_id, id DESC) WHERE quoted_id IS NOT NULL;

ALTER TABLE tweets.tweet_counters ADD COLUMN quote_count INTEGER NOT NULL DEFAULT 0;

-- Who likes a tweet, and what somebody likes, latest first. The second looks into all eight parts: a row more for each
-- like, to have it in one, would cost every like more than it saves the few who read such a list.
CREATE INDEX likes_tweet_id_liked_at_user_id_idx ON tweets.likes (tweet_id, liked_at DESC, user_id DESC);
CREATE INDEX likes_user_id_liked_at_tweet_id_idx ON tweets.likes (user_id, liked_at DESC, tweet_id DESC);

-- What a tweet said before each of its edits; what it says now is in entries.
CREATE TABLE tweets.revisions (
  tweet_id BIGINT NOT NULL,
  revision SMALLINT NOT NULL, -- 0 is what it said first
  text TEXT NOT NULL,
  entities JSONB NOT NULL,
  created_at TIMESTAMPTZ(3) NOT NULL, -- since when it said so
  CONSTRAINT revisions_pkey PRIMARY KEY (tweet_id, revision)
) PARTITION BY HASH (tweet_id);

CREATE TABLE tweets.bookmarks (
  user_id BIGINT NOT NULL,
  tweet_id BIGINT NOT NULL,
  bookmarked_at TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT bookmarks_pkey PRIMARY KEY (user_id, tweet_id)
) PARTITION BY HASH (user_id);
CREATE INDEX bookmarks_user_id_bookmarked_at_tweet_id_idx ON tweets.bookmarks (user_id, bookmarked_at DESC, tweet_id DESC);

-- The tweet on top of a profile. It goes with its tweet.
CREATE TABLE tweets.pins (
  user_id BIGINT NOT NULL,
  tweet_id BIGINT NOT NULL,
  pinned_at TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT pins_pkey PRIMARY KEY (user_id)
) PARTITION BY HASH (user_id);

-- Which tweets that stand carry a hashtag, each once.
CREATE TABLE tweets.hashtags (
  tag TEXT NOT NULL, -- lower case
  tweet_id BIGINT NOT NULL,
  author_id BIGINT NOT NULL,
  CONSTRAINT hashtags_pkey PRIMARY KEY (tag, tweet_id)
) PARTITION BY HASH (tag);

-- How many of them are whose. One row per author, because only tweets of open accounts count, and whose account is open
-- is for another subgraph to say: so it is asked when the count is read, and is exact without an event. Only the author
-- writes the row, so nobody waits for it.
CREATE TABLE tweets.hashtag_counters (
  tag TEXT NOT NULL,
  author_id BIGINT NOT NULL,
  tweet_count INTEGER NOT NULL DEFAULT 0,
  CONSTRAINT hashtag_counters_pkey PRIMARY KEY (tag, author_id)
) PARTITION BY HASH (tag);

DO $$
BEGIN
  FOR i IN 0..7 LOOP
    EXECUTE format('CREATE TABLE tweets.revisions_p%s PARTITION OF tweets.revisions FOR VALUES WITH (MODULUS 8, REMAINDER %s)', i, i);
    EXECUTE format('CREATE TABLE tweets.bookmarks_p%s PARTITION OF tweets.bookmarks FOR VALUES WITH (MODULUS 8, REMAINDER %s)', i, i);
    EXECUTE format('CREATE TABLE tweets.pins_p%s PARTITION OF tweets.pins FOR VALUES WITH (MODULUS 8, REMAINDER %s)', i, i);
    EXECUTE format('CREATE TABLE tweets.hashtags_p%s PARTITION OF tweets.hashtags FOR VALUES WITH (MODULUS 8, REMAINDER %s)', i, i);
    EXECUTE format('CREATE TABLE tweets.hashtag_counters_p%s PARTITION OF tweets.hashtag_counters FOR VALUES WITH (MODULUS 8, REMAINDER %s)', i, i);
  END LOOP;
END $$;

-- Accounts whose tweets, likes and bookmarks are to be erased; a row goes when all is erased, so a worker that dies is
-- followed by another.
CREATE TABLE tweets.erasures (
  user_id BIGINT NOT NULL,
  asked_at TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT erasures_pkey PRIMARY KEY (user_id)
);

-- Hashtags of tweets from before they were kept apart.
INSERT INTO tweets.hashtags (tag, tweet_id, author_id)
SELECT DISTINCT entity->>'tag', id, author_id FROM tweets.entries, jsonb_array_elements(entities) AS entity
WHERE deleted_at IS NULL AND tweet_id = id AND entity->>'type' = 'hashtag';
INSERT INTO tweets.hashtag_counters (tag, author_id, tweet_count)
SELECT tag, author_id, count(*) FROM tweets.hashtags GROUP BY tag, author_id;
