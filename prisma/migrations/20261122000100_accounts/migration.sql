-- What an account needs over its years: a name given up is held, an address proven, a mail sent, an end survived.

-- A name given up leads to its account until then, and nobody else can have it. Null: in use.
ALTER TABLE users.username_claims ADD COLUMN held_until TIMESTAMPTZ(3);
