-- What an account needs over its years: a name given up is held, an address proven, a mail sent, an end survived.

-- A name given up leads to its account until then, and nobody else can have it. Null: in use.
ALTER TABLE users.username_claims ADD COLUMN held_until TIMESTAMPTZ(3);
CREATE INDEX username_claims_held_until_idx ON users.username_claims (held_until) WHERE held_until IS NOT NULL;

-- Names that are one to a hurried eye have one skeleton. This is the only place that says which.
CREATE FUNCTION users.skeleton(username TEXT) RETURNS TEXT
  LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN replace(replace(translate(lower(username), 'i10', 'llo'), 'rn', 'm'), 'vv', 'w');
CREATE INDEX username_claims_skeleton_idx ON users.username_claims (users.skeleton(username));

-- Addresses claimed before they were verified keep their claims until somebody verifies them. New ones are claimed then.
ALTER TABLE users.credentials ADD COLUMN email_verified_at TIMESTAMPTZ(3);

-- Deactivated, too, since the deletion or before it. The row goes when all of the account is erased.
ALTER TABLE users.users ADD COLUMN deleted_at TIMESTAMPTZ(3);
CREATE INDEX users_deactivated_at_idx ON users.users (deactivated_at) WHERE deactivated_at IS NOT NULL;
CREATE INDEX users_deleted_at_idx ON users.users (deleted_at) WHERE deleted_at IS NOT NULL;

-- One link of each purpose works for an account: the newest.
CREATE TABLE users.mail_tokens (
  user_id BIGINT NOT NULL,
  purpose VARCHAR(16) NOT NULL, -- verify-email, reset-password
  token_hash BYTEA NOT NULL, -- sha256 of 256 random bits
  email TEXT NOT NULL, -- where it was sent, as the account spelled it then
  expires_at TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT mail_tokens_pkey PRIMARY KEY (user_id, purpose)
);
CREATE UNIQUE INDEX mail_tokens_token_hash_key ON users.mail_tokens (token_hash);
CREATE INDEX mail_tokens_expires_at_idx ON users.mail_tokens (expires_at);

-- Mails to be sent: written with what causes them, worded when they are sent, and then deleted.
CREATE TABLE users.mails (
  id BIGSERIAL NOT NULL,
  kind VARCHAR(32) NOT NULL,
  user_id BIGINT, -- null: whom `login` leads to when it is sent
  login TEXT, -- lower case
  recipient TEXT, -- null: the address of the account when it is sent
  attempts INTEGER NOT NULL DEFAULT 0,
  due_at TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  created_at TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT mails_pkey PRIMARY KEY (id)
);
CREATE INDEX mails_due_at_idx ON users.mails (due_at);
