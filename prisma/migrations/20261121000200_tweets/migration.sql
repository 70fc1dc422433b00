-- Tweets and retweets are rows of one table in one space of time-ordered ids:
-- 41 bits of milliseconds since 2025-01-01Z, 10 of worker, 12 of sequence. Bounds of quarters are ids, so
-- PRIMARY KEY (id) alone is legal and a lookup by id prunes to one partition.
-- 1023 is left to the demo data, whose ids tell its accounts from those of people.
CREATE SEQUENCE tweets.worker_numbers MINVALUE 0 MAXVALUE 1022 START 0 CYCLE;

CREATE TABLE tweets.entries (
  id BIGINT NOT NULL,
  author_id BIGINT NOT NULL, -- who wrote it, or who retweeted
  tweet_id BIGINT NOT NULL, -- its own id, or the tweet that was retweeted
  tweet_author_id BIGINT NOT NULL,
  text TEXT, -- null on a retweet
  entities JSONB, -- null on a retweet
  language VARCHAR(35), -- null on a retweet
  in_reply_to_id BIGINT,
  in_reply_to_author_id BIGINT, -- kept here, so that a reply can be judged when its parent is gone
  conversation_id BIGINT, -- null on a retweet
  created_at TIMESTAMPTZ(3) NOT NULL,
  deleted_at TIMESTAMPTZ(3), -- set on a tweet and, in the same transaction, on its retweets
  CONSTRAINT entries_pkey PRIMARY KEY (id)
) PARTITION BY RANGE (id);
CREATE INDEX entries_author_id_id_idx ON tweets.entries (author_id, id DESC);
CREATE INDEX entries_tweet_id_id_idx ON tweets.entries (tweet_id, id DESC);
CREATE INDEX entries_in_reply_to_id_id_idx ON tweets.entries (in_reply_to_id, id DESC) WHERE in_reply_to_id IS NOT NULL;
CREATE TABLE tweets.entries_default PARTITION OF tweets.entries DEFAULT;

CREATE FUNCTION tweets.lowest_id_at(moment timestamptz) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT ((extract(epoch FROM moment) * 1000)::bigint - 1735689600000) << 22 $$;

-- Makes the partitions of the quarter of `since` and of the `ahead` after it; safe to repeat and to run twice at once.
-- Rows that fell into the default partition move into theirs. Returns the names of those made.
-- No foreign key may point at entries: moving a row out of the default partition would cascade its delete.
CREATE FUNCTION tweets.ensure_entry_partitions(ahead int DEFAULT 4, since timestamptz DEFAULT now()) RETURNS SETOF text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE first timestamp; quarter timestamp; name text; low bigint; high bigint;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('tweets.ensure_entry_partitions'));
  first := date_trunc('quarter', since AT TIME ZONE 'UTC');
  FOR i IN 0..ahead LOOP
    quarter := first + make_interval(months => 3 * i);
    name := format('entries_%s', to_char(quarter, 'YYYY"q"Q'));
    CONTINUE WHEN to_regclass('tweets.' || name) IS NOT NULL;
    low := tweets.lowest_id_at(quarter AT TIME ZONE 'UTC');
    high := tweets.lowest_id_at((quarter + interval '3 months') AT TIME ZONE 'UTC');
    -- Waits for writes into the default partition: one that commits after the rows have moved would fail the ATTACH.
    LOCK TABLE tweets.entries_default IN ACCESS EXCLUSIVE MODE;
    EXECUTE format('CREATE TABLE tweets.%I (LIKE tweets.entries INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING STORAGE)', name);
    EXECUTE format('WITH moved AS (DELETE FROM tweets.entries_default WHERE id >= %s AND id < %s RETURNING *) INSERT INTO tweets.%I SELECT * FROM moved', low, high, name);
    EXECUTE format('ALTER TABLE tweets.entries ATTACH PARTITION tweets.%I FOR VALUES FROM (%s) TO (%s)', name, low, high);
    RETURN NEXT name;
  END LOOP;
END $$;
REVOKE ALL ON FUNCTION tweets.ensure_entry_partitions FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tweets.ensure_entry_partitions TO roost_tweet;
-- From the first id there can be, so that no read below a cursor has to look into the default partition.
SELECT tweets.ensure_entry_partitions(12, '2025-01-01Z');

-- Who retweeted what: the row is the lock that makes a retweet happen once.
CREATE TABLE tweets.retweets (
  tweet_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  entry_id BIGINT NOT NULL,
  CONSTRAINT retweets_pkey PRIMARY KEY (tweet_id, user_id)
) PARTITION BY HASH (tweet_id);

CREATE TABLE tweets.likes (
  tweet_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  liked_at TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT likes_pkey PRIMARY KEY (tweet_id, user_id)
) PARTITION BY HASH (tweet_id);

-- Counts are the sum over slots: sixteen people who like a tweet at once do not wait for one row.
CREATE TABLE tweets.tweet_counters (
  tweet_id BIGINT NOT NULL,
  slot SMALLINT NOT NULL,
  like_count INTEGER NOT NULL DEFAULT 0,
  retweet_count INTEGER NOT NULL DEFAULT 0,
  reply_count INTEGER NOT NULL DEFAULT 0,
  CONSTRAINT tweet_counters_pkey PRIMARY KEY (tweet_id, slot)
) PARTITION BY HASH (tweet_id);

CREATE TABLE tweets.author_counters (
  author_id BIGINT NOT NULL,
  entry_count INTEGER NOT NULL DEFAULT 0, -- tweets and retweets that stand
  CONSTRAINT author_counters_pkey PRIMARY KEY (author_id)
) PARTITION BY HASH (author_id);

DO $$
BEGIN
  FOR i IN 0..7 LOOP
    EXECUTE format('CREATE TABLE tweets.retweets_p%s PARTITION OF tweets.retweets FOR VALUES WITH (MODULUS 8, REMAINDER %s)', i, i);
    EXECUTE format('CREATE TABLE tweets.likes_p%s PARTITION OF tweets.likes FOR VALUES WITH (MODULUS 8, REMAINDER %s)', i, i);
    EXECUTE format('CREATE TABLE tweets.tweet_counters_p%s PARTITION OF tweets.tweet_counters FOR VALUES WITH (MODULUS 8, REMAINDER %s)', i, i);
    EXECUTE format('CREATE TABLE tweets.author_counters_p%s PARTITION OF tweets.author_counters FOR VALUES WITH (MODULUS 8, REMAINDER %s)', i, i);
  END LOOP;
END $$;

CREATE TABLE tweets.idempotency_keys (
  author_id BIGINT NOT NULL,
  key VARCHAR(64) NOT NULL,
  request_hash BYTEA NOT NULL, -- sha256 of what was asked for, to tell a repeat from another request
  tweet_id BIGINT NOT NULL,
  created_at TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT idempotency_keys_pkey PRIMARY KEY (author_id, key)
);
CREATE INDEX idempotency_keys_created_at_idx ON tweets.idempotency_keys (created_at);

CREATE TABLE tweets.outbox (
  id BIGSERIAL NOT NULL,
  event_id UUID NOT NULL DEFAULT gen_random_uuid(),
  topic VARCHAR(64) NOT NULL,
  key VARCHAR(64) NOT NULL,
  name VARCHAR(64) NOT NULL,
  payload BYTEA NOT NULL,
  occurred_at TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT outbox_pkey PRIMARY KEY (id)
);
