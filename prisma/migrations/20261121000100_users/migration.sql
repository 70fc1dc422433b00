-- Accounts, sessions and profiles. Hand-written where Prisma has no words: PARTITION BY, and uniqueness across partitions.
-- 1023 is left to the demo data, whose ids tell its accounts from those of people.
CREATE SEQUENCE users.worker_numbers MINVALUE 0 MAXVALUE 1022 START 0 CYCLE;

CREATE TABLE users.users (
  id BIGINT NOT NULL,
  username VARCHAR(15) NOT NULL,
  display_name VARCHAR(50) NOT NULL,
  bio VARCHAR(160) NOT NULL DEFAULT '',
  bio_entities JSONB NOT NULL DEFAULT '[]',
  location VARCHAR(30),
  website TEXT,
  is_protected BOOLEAN NOT NULL DEFAULT false,
  joined_at TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  deactivated_at TIMESTAMPTZ(3),
  CONSTRAINT users_pkey PRIMARY KEY (id)
) PARTITION BY HASH (id);

-- A table partitioned by id cannot be unique by another column: the claim row is the lock.
CREATE TABLE users.username_claims (
  username VARCHAR(15) NOT NULL, -- lower case
  user_id BIGINT NOT NULL,
  CONSTRAINT username_claims_pkey PRIMARY KEY (username)
) PARTITION BY HASH (username);

CREATE TABLE users.email_claims (
  email TEXT NOT NULL, -- lower case
  user_id BIGINT NOT NULL,
  CONSTRAINT email_claims_pkey PRIMARY KEY (email)
) PARTITION BY HASH (email);

CREATE TABLE users.credentials (
  user_id BIGINT NOT NULL,
  email TEXT NOT NULL, -- as its owner spells it
  password_hash TEXT NOT NULL,
  password_changed_at TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  username_changed_at TIMESTAMPTZ(3),
  CONSTRAINT credentials_pkey PRIMARY KEY (user_id)
) PARTITION BY HASH (user_id);

DO $$
BEGIN
  FOR i IN 0..7 LOOP
    EXECUTE format('CREATE TABLE users.users_p%s PARTITION OF users.users FOR VALUES WITH (MODULUS 8, REMAINDER %s)', i, i);
    EXECUTE format('CREATE TABLE users.username_claims_p%s PARTITION OF users.username_claims FOR VALUES WITH (MODULUS 8, REMAINDER %s)', i, i);
    EXECUTE format('CREATE TABLE users.email_claims_p%s PARTITION OF users.email_claims FOR VALUES WITH (MODULUS 8, REMAINDER %s)', i, i);
    EXECUTE format('CREATE TABLE users.credentials_p%s PARTITION OF users.credentials FOR VALUES WITH (MODULUS 8, REMAINDER %s)', i, i);
  END LOOP;
END $$;

CREATE TABLE users.sessions (
  id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  secret_hash BYTEA NOT NULL, -- sha256 of the cookie's 256 random bits
  device_name VARCHAR(50) NOT NULL,
  ip_address TEXT NOT NULL,
  signed_in_at TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  last_used_at TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  expires_at TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT sessions_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX sessions_secret_hash_key ON users.sessions (secret_hash);
CREATE INDEX sessions_user_id_last_used_at_idx ON users.sessions (user_id, last_used_at DESC);
CREATE INDEX sessions_expires_at_idx ON users.sessions (expires_at);

CREATE TABLE users.refresh_tokens (
  token_hash BYTEA NOT NULL, -- sha256
  session_id BIGINT NOT NULL,
  expires_at TIMESTAMPTZ(3) NOT NULL,
  used_at TIMESTAMPTZ(3),
  CONSTRAINT refresh_tokens_pkey PRIMARY KEY (token_hash)
);
CREATE INDEX refresh_tokens_session_id_idx ON users.refresh_tokens (session_id);
CREATE INDEX refresh_tokens_expires_at_idx ON users.refresh_tokens (expires_at);

CREATE TABLE users.outbox (
  id BIGSERIAL NOT NULL,
  event_id UUID NOT NULL DEFAULT gen_random_uuid(),
  topic VARCHAR(64) NOT NULL,
  key VARCHAR(64) NOT NULL,
  name VARCHAR(64) NOT NULL,
  payload BYTEA NOT NULL,
  occurred_at TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT outbox_pkey PRIMARY KEY (id)
);
