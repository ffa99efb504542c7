#!/usr/bin/env bash
# Does what the official image's does for the variables that docker-compose.yml sets.
set -Eeuo pipefail

if [ "$1" != postgres ]; then
    exec "$@"
fi
if [ "$(id -u)" = 0 ]; then
    mkdir -p "$PGDATA"
    chown -R postgres:postgres "$PGDATA" /var/run/postgresql
    chmod 700 "$PGDATA"
    exec gosu postgres "${BASH_SOURCE[0]}" "$@"
fi

if [ ! -s "$PGDATA/PG_VERSION" ]; then
    user=${POSTGRES_USER:-postgres}
    database=${POSTGRES_DB:-$user}
    password=${POSTGRES_PASSWORD:-}
    if [ -n "${POSTGRES_PASSWORD_FILE:-}" ]; then
        password=$(< "$POSTGRES_PASSWORD_FILE")
    fi
    if [ -z "$password" ]; then
        echo 'Error: the database is uninitialized and no superuser password is specified' >&2
        exit 1
    fi
    # The arguments are words, as in the official image.
    eval "initdb --username=\"\$user\" --pwfile=<(printf '%s\n' \"\$password\") ${POSTGRES_INITDB_ARGS:-}"
    printf '\nhost all all all %s\n' "$(postgres -C password_encryption "${@:2}")" >> "$PGDATA/pg_hba.conf"
    # Over the socket alone, so that whoever looks over TCP waits for the server that comes after.
    pg_ctl --wait --options "$(printf '%q ' "${@:2}" -c listen_addresses= -p 5432)" start
    if [ "$database" != postgres ]; then
        psql --no-password --no-psqlrc --username "$user" --dbname postgres --set ON_ERROR_STOP=1 \
            --set database="$database" <<< 'CREATE DATABASE :"database";'
    fi
    pg_ctl --wait --mode=fast stop
fi
exec "$@"
