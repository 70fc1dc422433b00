-- One schema and one role per subgraph. A role sees its own schema, and of the others only their published views.
-- Roles belong to the whole server, so they may be there already; the runner gives them LOGIN and a password.
DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['roost_user', 'roost_tweet', 'roost_follow', 'roost_timeline'] LOOP
    BEGIN
      EXECUTE format('CREATE ROLE %I NOLOGIN', name);
    EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
    END;
  END LOOP;
END $$;

CREATE SCHEMA users;
CREATE SCHEMA tweets;
CREATE SCHEMA follows;
CREATE SCHEMA timelines;
CREATE SCHEMA user_published;
CREATE SCHEMA tweet_published;
CREATE SCHEMA follow_published;

GRANT USAGE ON SCHEMA users TO roost_user;
GRANT USAGE ON SCHEMA tweets TO roost_tweet;
GRANT USAGE ON SCHEMA follows TO roost_follow;
GRANT USAGE ON SCHEMA timelines TO roost_timeline;
GRANT USAGE ON SCHEMA user_published, tweet_published, follow_published
  TO roost_user, roost_tweet, roost_follow, roost_timeline;

ALTER DEFAULT PRIVILEGES IN SCHEMA users GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO roost_user;
ALTER DEFAULT PRIVILEGES IN SCHEMA tweets GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO roost_tweet;
ALTER DEFAULT PRIVILEGES IN SCHEMA follows GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO roost_follow;
ALTER DEFAULT PRIVILEGES IN SCHEMA timelines GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO roost_timeline;
ALTER DEFAULT PRIVILEGES IN SCHEMA users GRANT USAGE ON SEQUENCES TO roost_user;
ALTER DEFAULT PRIVILEGES IN SCHEMA tweets GRANT USAGE ON SEQUENCES TO roost_tweet;
ALTER DEFAULT PRIVILEGES IN SCHEMA follows GRANT USAGE ON SEQUENCES TO roost_follow;
ALTER DEFAULT PRIVILEGES IN SCHEMA timelines GRANT USAGE ON SEQUENCES TO roost_timeline;
ALTER DEFAULT PRIVILEGES IN SCHEMA user_published, tweet_published, follow_published
  GRANT SELECT ON TABLES TO roost_user, roost_tweet, roost_follow, roost_timeline;
