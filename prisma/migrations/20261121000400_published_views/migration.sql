-- What one subgraph may know of another. Changed as carefully as an event: readers are in other folders.

-- Accounts that stand. Read by tweet (may it be answered), follow (may it be followed), timeline (rule 3).
CREATE VIEW user_published.accounts AS
  SELECT id, username, is_protected FROM users.users WHERE deactivated_at IS NULL;

-- Lower-case names and whose they are. Read by tweet, to find whom a text mentions.
CREATE VIEW user_published.usernames AS
  SELECT username, user_id FROM users.username_claims;

-- Tweets and retweets that stand. A tweet has tweet_id = id. Read by timeline.
CREATE VIEW tweet_published.entries AS
  SELECT id, author_id, tweet_id, tweet_author_id, in_reply_to_id, in_reply_to_author_id, created_at
  FROM tweets.entries WHERE deleted_at IS NULL;

-- Who follows whom, to be asked by follower. Read by timeline.
CREATE VIEW follow_published.following AS
  SELECT follower_id, followee_id, followed_at FROM follows.following;

-- The same edges, to be asked by followee. Read by timeline's fan-out.
CREATE VIEW follow_published.followers AS
  SELECT followee_id, follower_id, followed_at FROM follows.followers;
