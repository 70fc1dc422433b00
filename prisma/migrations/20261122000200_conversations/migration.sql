-- Quotes, who may reply, edits; bookmarks, pins, hashtags.
ALTER TABLE tweets.entries
  ADD COLUMN quoted_id BIGINT,
  ADD COLUMN quoted_author_id BIGINT, -- kept here, so that a quote can be judged when what it quotes is gone
  ADD COLUMN reply_policy VARCHAR(16), -- EVERYONE, FOLLOWING or MENTIONED; null is EVERYONE
  ADD COLUMN edited_at TIMESTAMPTZ(3);
CREATE INDEX entries_quoted_id_id_idx ON tweets.entries (quoted_id, id DESC) WHERE quoted_id IS NOT NULL;
