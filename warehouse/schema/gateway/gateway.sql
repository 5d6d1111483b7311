-- gateway.db, an SQLite file: who may sign in, how sites stand, what they called, what users of the
-- dashboard did. Hashes are argon2id.

-- One row per site that may sign in. Its name is the user name that it sends, `hardware_id` the
-- device that it is bound to (rule I4).
create table if not exists site (
    site integer primary key, name text not null unique, password text not null, hardware_id text
) strict;

-- One row per user of sites; stores are a JSON list of store ids, permissions one of numbers.
create table if not exists site_user (
    name text primary key collate nocase, user_id text not null, password text not null,
    stores text not null, permissions text not null, disabled integer not null default 0,
    first_name text not null, last_name text not null, email text not null
) strict;

-- One row per site that was ever in contact over HTTP: the uuid it is told, how its initialisation
-- stands (new, started, completed), through which line of its queue it has acknowledged all, which
-- beyond that (a JSON list), which central ID it asked after, the highest push cursor it sent, up to
-- which central ID its own changes are told it as well (as it was initialised since), its first and
-- last contact (ISO, UTC) and with what software.
create table if not exists standing (
    site integer primary key, uuid text not null, status text not null default 'new',
    acknowledged integer not null default 0, beyond text not null default '[]',
    central integer not null default 0, pushed integer not null default 0,
    own integer not null default 0, first_contact text, last_contact text, app_name text,
    app_version text, version text
) strict;

-- One row per call that matters: it brought or fetched something, went wrong, or is logged always.
create table if not exists contact (
    id integer primary key, site integer, at text not null, what text not null,
    records integer not null, seconds real not null, app_name text not null,
    app_version text not null, version text not null, address text not null, error text not null
) strict;

-- One row per file that a site brought, by the digest of its id: only that site may bring it again.
create table if not exists file (digest text primary key, site integer not null) strict;

-- One row per user of the dashboard: administrator, supervisor or viewer. An empty password opens
-- nothing.
create table if not exists user (
    name text primary key collate nocase, role text not null, password text not null,
    everything integer not null default 0, disabled integer not null default 0,
    added text not null
) strict;

-- One row per user who may sign in by OpenID Connect: what the provider is to tell of them, and the
-- account there (its issuer, its subject) that the user is bound to from the first sign-in on.
create table if not exists user_identity (
    name text primary key collate nocase, identity text not null unique collate nocase,
    issuer text, subject text, unique (issuer, subject)
) strict;

-- One row per grant of a user that is not granted everything: a region, a district or a store's code.
create table if not exists user_grant (
    name text not null collate nocase, kind text not null, value text not null,
    primary key (name, kind, value)
) strict;

-- One row per session of a user, by the sha256 of what the browser holds; it ends at a time (UTC).
create table if not exists user_session (
    token text primary key, name text not null collate nocase, ends text not null
) strict;

-- One row per thing that a user did, or somebody tried to: when (UTC), from where.
create table if not exists user_trail (
    id integer primary key, at text not null, name text not null, address text not null,
    what text not null, detail text not null
) strict;

-- One row per alert that stands and was told: its kind, what it is of, the state it was told in.
create table if not exists alert (
    kind text not null, key text not null, state text not null, primary key (kind, key)
) strict;
