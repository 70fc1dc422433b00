-- Requests to follow protected accounts, and what keeps people apart: blocks, mutes, hidden retweets.
CREATE TABLE follows.follow_requests (
  id BIGSERIAL NOT NULL,
  requester_id BIGINT NOT NULL,
  target_id BIGINT NOT NULL,
  requested_at TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT follow_requests_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX follow_requests_requester_id_target_id_key ON follows.follow_requests (requester_id, target_id);
CREATE INDEX follow_requests_target_id_id_idx ON follows.follow_requests (target_id, id DESC);
CREATE INDEX follow_requests_requester_id_id_idx ON follows.follow_requests (requester_id, id DESC);

CREATE TABLE follows.blocks (
  blocker_id BIGINT NOT NULL,
  blocked_id BIGINT NOT NULL,
  blocked_at TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT blocks_pkey PRIMARY KEY (blocker_id, blocked_id)
) PARTITION BY HASH (blocker_id);
CREATE INDEX blocks_blocker_id_blocked_at_blocked_id_idx ON follows.blocks (blocker_id, blocked_at DESC, blocked_id DESC);
CREATE INDEX blocks_blocked_id_idx ON follows.blocks (blocked_id);

CREATE TABLE follows.mutes (
  muter_id BIGINT NOT NULL,
  muted_id BIGINT NOT NULL,
  muted_at TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT mutes_pkey PRIMARY KEY (muter_id, muted_id)
) PARTITION BY HASH (muter_id);
CREATE INDEX mutes_muter_id_muted_at_muted_id_idx ON follows.mutes (muter_id, muted_at DESC, muted_id DESC);
CREATE INDEX mutes_muted_id_idx ON follows.mutes (muted_id);

CREATE TABLE follows.hidden_retweets (
  viewer_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  hidden_at TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT hidden_retweets_pkey PRIMARY KEY (viewer_id, user_id)
) PARTITION BY HASH (viewer_id);
CREATE INDEX hidden_retweets_viewer_id_hidden_at_user_id_idx ON follows.hidden_retweets (viewer_id, hidden_at DESC, user_id DESC);
CREATE INDEX hidden_retweets_user_id_idx ON follows.hidden_retweets (user_id);

DO $$
BEGIN
  FOR i IN 0..7 LOOP
    EXECUTE format('CREATE TABLE follows.blocks_p%s PARTITION OF follows.blocks FOR VALUES WITH (MODULUS 8, REMAINDER %s)', i, i);
    EXECUTE format('CREATE TABLE follows.mutes_p%s PARTITION OF follows.mutes FOR VALUES WITH (MODULUS 8, REMAINDER %s)', i, i);
    EXECUTE format('CREATE TABLE follows.hidden_retweets_p%s PARTITION OF follows.hidden_retweets FOR VALUES WITH (MODULUS 8, REMAINDER %s)', i, i);
  END LOOP;
END $$;

-- Accounts whose edges are to be erased; a row goes when all is erased, so a worker that dies is followed by another.
CREATE TABLE follows.erasures (
  user_id BIGINT NOT NULL,
  asked_at TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT erasures_pkey PRIMARY KEY (user_id)
);

-- The accounts that most people follow, as last counted: for suggestions, so that none of them counts everybody.
CREATE TABLE follows.popular_accounts (
  user_id BIGINT NOT NULL,
  follower_count INTEGER NOT NULL,
  CONSTRAINT popular_accounts_pkey PRIMARY KEY (user_id)
);

-- Who keeps whom away. Both directions hide: ask (viewer, author) and (author, viewer). Read by tweet, timeline and user.
CREATE VIEW follow_published.blocks AS SELECT blocker_id, blocked_id, blocked_at FROM follows.blocks;

-- Whose tweets stay off whose home timeline. Read by timeline.
CREATE VIEW follow_published.mutes AS SELECT muter_id, muted_id, muted_at FROM follows.mutes;

-- Whose retweets stay off whose home timeline. Read by timeline.
CREATE VIEW follow_published.hidden_retweets AS SELECT viewer_id, user_id, hidden_at FROM follows.hidden_retweets;
