-- Where people have read up to, what audits found, and how far tweets got.
CREATE TABLE timelines.read_positions (
  user_id BIGINT NOT NULL,
  entry_id BIGINT NOT NULL,
  moved_at TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT read_positions_pkey PRIMARY KEY (user_id)
) PARTITION BY HASH (user_id);

-- The last audit of each home timeline.
CREATE TABLE timelines.audits (
  user_id BIGINT NOT NULL,
  checked_at TIMESTAMPTZ(3) NOT NULL,
  compared_count INTEGER NOT NULL,
  missing_count INTEGER NOT NULL,
  surplus_count INTEGER NOT NULL,
  is_exact BOOLEAN NOT NULL, -- equal in order too
  repaired_at TIMESTAMPTZ(3),
  CONSTRAINT audits_pkey PRIMARY KEY (user_id)
) PARTITION BY HASH (user_id);

-- How far a tweet got among its author's followers, written once, when it is settled. Until then Redis counts.
CREATE TABLE timelines.receipts (
  tweet_id BIGINT NOT NULL,
  author_id BIGINT NOT NULL,
  audience_count INTEGER NOT NULL,
  reached_count INTEGER NOT NULL,
  reached_live_count INTEGER NOT NULL,
  away_count INTEGER NOT NULL,
  p50_ms INTEGER, -- from posting to the open streams; null when there was none
  p99_ms INTEGER,
  counted_at TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT receipts_pkey PRIMARY KEY (tweet_id)
) PARTITION BY HASH (tweet_id);
CREATE INDEX receipts_author_id_idx ON timelines.receipts (author_id); -- to erase an account's

DO $$
BEGIN
  FOR i IN 0..7 LOOP
    EXECUTE format('CREATE TABLE timelines.read_positions_p%s PARTITION OF timelines.read_positions FOR VALUES WITH (MODULUS 8, REMAINDER %s)', i, i);
    EXECUTE format('CREATE TABLE timelines.audits_p%s PARTITION OF timelines.audits FOR VALUES WITH (MODULUS 8, REMAINDER %s)', i, i);
    EXECUTE format('CREATE TABLE timelines.receipts_p%s PARTITION OF timelines.receipts FOR VALUES WITH (MODULUS 8, REMAINDER %s)', i, i);
  END LOOP;
END $$;
