-- Each edge is stored twice, in one statement: by who follows (whom does X follow) and by who is followed (fan-out).
CREATE TABLE follows.following (
  follower_id BIGINT NOT NULL,
  followee_id BIGINT NOT NULL,
  followed_at TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT following_pkey PRIMARY KEY (follower_id, followee_id)
) PARTITION BY HASH (follower_id);
CREATE INDEX following_follower_id_followed_at_followee_id_idx
  ON follows.following (follower_id, followed_at DESC, followee_id DESC);

CREATE TABLE follows.followers (
  followee_id BIGINT NOT NULL,
  follower_id BIGINT NOT NULL,
  followed_at TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT followers_pkey PRIMARY KEY (followee_id, follower_id)
) PARTITION BY HASH (followee_id);
CREATE INDEX followers_followee_id_followed_at_follower_id_idx
  ON follows.followers (followee_id, followed_at DESC, follower_id DESC);

-- Counts are the sum over slots: people who follow one account at once do not wait for one row.
CREATE TABLE follows.user_counters (
  user_id BIGINT NOT NULL,
  slot SMALLINT NOT NULL,
  follower_count INTEGER NOT NULL DEFAULT 0,
  following_count INTEGER NOT NULL DEFAULT 0,
  CONSTRAINT user_counters_pkey PRIMARY KEY (user_id, slot)
) PARTITION BY HASH (user_id);

DO $$
BEGIN
  FOR i IN 0..7 LOOP
    EXECUTE format('CREATE TABLE follows.following_p%s PARTITION OF follows.following FOR VALUES WITH (MODULUS 8, REMAINDER %s)', i, i);
    EXECUTE format('CREATE TABLE follows.followers_p%s PARTITION OF follows.followers FOR VALUES WITH (MODULUS 8, REMAINDER %s)', i, i);
    EXECUTE format('CREATE TABLE follows.user_counters_p%s PARTITION OF follows.user_counters FOR VALUES WITH (MODULUS 8, REMAINDER %s)', i, i);
  END LOOP;
END $$;

CREATE TABLE follows.outbox (
  id BIGSERIAL NOT NULL,
  event_id UUID NOT NULL DEFAULT gen_random_uuid(),
  topic VARCHAR(64) NOT NULL,
  key VARCHAR(64) NOT NULL,
  name VARCHAR(64) NOT NULL,
  payload BYTEA NOT NULL,
  occurred_at TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT outbox_pkey PRIMARY KEY (id)
);
