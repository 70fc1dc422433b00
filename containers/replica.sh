#!/bin/sh
# A streaming replica, copied from the primary the first time. To copy it anew, remove its volume.
set -eu
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  # Under another name first: killed half-way, it is copied again.
  rm -rf "$PGDATA" "$PGDATA.new"
  PGPASSWORD="$(cat /run/roost/password)" pg_basebackup --host postgres --username roost_replica --no-password \
    --pgdata "$PGDATA.new" --wal-method stream --slot roost_replica --checkpoint fast --write-recovery-conf
  mv "$PGDATA.new" "$PGDATA"
fi
exec docker-entrypoint.sh postgres "$@"
