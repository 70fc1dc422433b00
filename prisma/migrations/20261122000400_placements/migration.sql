-- Where people have read up to, what audits found, and how far tweets got.
CREATE TABLE timelines.read_positions (
  user_id BIGINT NOT NULL,
  entry_id BIGINT NOT NULL,
  moved_at TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT read_positions_pkey PRIMARY KEY (user_id)
) PARTITION BY HASH (user_id);

DO $$
BEGIN
  FOR i IN 0..7 LOOP
    EXECUTE format('CREATE TABLE timelines.read_positions_p%s PARTITION OF timelines.read_positions FOR VALUES WITH (MODULUS 8, REMAINDER %s)', i, i);
  END LOOP;
END $$;
