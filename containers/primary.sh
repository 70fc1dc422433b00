#!/bin/sh
# Run once by the image of Postgres, on a new data folder: lets the replica stream.
set -eu
psql --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" --set ON_ERROR_STOP=1 \
  --set password="$(cat /run/roost/replica-password)" <<'SQL'
CREATE ROLE roost_replica LOGIN REPLICATION PASSWORD :'password';
SELECT pg_create_physical_replication_slot('roost_replica', true);
SQL
echo 'host replication roost_replica all scram-sha-256' >> "$PGDATA/pg_hba.conf"
