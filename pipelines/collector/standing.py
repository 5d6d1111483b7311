"""How things stand in the cycle: stores by name, preferences in force, homes on the move.

Views and working tables on the connection, read by the collector and by every stage after it:

in_force       site → which preferences of procurement hold there (rule O12)
ordering       store → the same, at the site where it is active
changing_home  record_id of each patient or prescriber whose home store is being changed (rule P3)
party          name → the store that it stands for (rules T, G5); made by `stand`
sees           name, site: patients visible in an active dispensary; made by `look`
home           table, record, site → the first home of a new patient or prescriber; made by `settle`
"""

import duckdb

VIEWS = """
create or replace temp view in_force as
with told as (
    select
        "key", nullif(trim(site_ID::varchar, '"'), '') as site,
        lower(trim(value::varchar, '"')) in ('true', '1', 'yes', 'on') as is_on
    from records.hub_preference
),
held as (
    select
        "key", try_cast(case when site <> 'null' then site end as double) as site,
        bool_or(is_on) as is_on
    from told group by all
)
select
    site.site_ID::integer as site,
    coalesce(max(own.is_on::integer) filter (own."key" = 'centralised_procurement'),
        any_value(system.procurement), 0) = 1 as centralised_procurement,
    coalesce(max(own.is_on::integer) filter (own."key" = 'centralised_payments'),
        any_value(system.payments), 0) = 1 as centralised_payments,
    coalesce(max(own.is_on::integer) filter (own."key" = 'supervisor_ordering'),
        any_value(system.supervisor), 0) = 1 as supervisor_ordering
from (select distinct site_ID from records.site where site_ID is not null) as site
left join held as own on own.site = site.site_ID
cross join (
    select
        max(is_on::integer) filter ("key" = 'centralised_procurement') as procurement,
        max(is_on::integer) filter ("key" = 'centralised_payments') as payments,
        max(is_on::integer) filter ("key" = 'supervisor_ordering') as supervisor
    from held where site is null
) as system
group by site.site_ID;

create or replace temp view ordering as
select store."ID" as store_id, in_force.* exclude (site)
from records.store as store
join in_force on in_force.site = store.sync_id_remote_site;

create or replace temp view changing_home as
select
    json_extract_string(case when body[1] = '"' then json_extract_string(body, '$') else body end,
        '$.name_ID') as record_id
from records.message
where type = 'home_store_change' and coalesce(status, '') <> 'processed'
    and json_valid(case when body[1] = '"' then json_extract_string(body, '$') else body end);

create temp table if not exists sees (name_id varchar, site integer);
create temp table if not exists home (
    table_name varchar, record_id varchar, site integer, store_id varchar
)
"""

# The store whose own name it is comes before one whose name was merged into it.
PARTY = """
create or replace temp table party as
select
    coalesce(merged.merged_into, store."name_ID") as name_id,
    arg_min(store."ID", (merged.record_id is not null, coalesce(store.code, ''), store."ID"))
        as store_id
from records.store as store
left join collector.merged as merged
    on merged.table_name = 'name' and merged.record_id = store."name_ID"
where store."name_ID" <> ''
group by all
"""

# Visible in an active dispensary: by a join, in the home store, or by a join of the central's that
# this cycle brings; of the patients that this pass's lines are about.
SEES = """
create or replace temp table sees as
with asked as (
    select record_id as name_id from candidate
    where pass = getvariable('pass') and table_name = 'name'
    union
    select party_id from candidate where pass = getvariable('pass') and party_id is not null
    union
    select parent_id from candidate where pass = getvariable('pass') and parent_id is not null
    union
    select parent.parent_id from candidate
    join known as parent on parent.record_id = candidate.parent_id
    where candidate.pass = getvariable('pass') and parent.parent_id is not null
),
dispensary as (
    select "ID" as store_id, sync_id_remote_site::integer as site
    from records.store
    where lower(store_mode) = 'dispensary' and not coalesce(disabled, false)
        and sync_id_remote_site is not null
)
select joined."name_ID" as name_id, dispensary.site
from records.name_store_join as joined
semi join asked on asked.name_id = joined."name_ID"
join dispensary on dispensary.store_id = joined."store_ID"
where not coalesce(joined.inactive, false)
union
select candidate.party_id, dispensary.site
from candidate
semi join asked on asked.name_id = candidate.party_id
join dispensary on dispensary.store_id = candidate.owner_id
where candidate.table_name = 'name_store_join' and candidate.site = getvariable('central')
    and candidate.refusal is null
union
select known.record_id, dispensary.site
from known
semi join asked on asked.name_id = known.record_id
join dispensary on dispensary.store_id = known.store_id
where known.table_name = 'name'
"""

# Where the pushing site's dispensaries are its patient's or prescriber's first home (rule O4).
HOME = """
create or replace temp table home as
with dispensary as (
    select "ID" as store_id, sync_id_remote_site::integer as site, coalesce(code, '') as code
    from records.store
    where lower(store_mode) = 'dispensary' and not coalesce(disabled, false)
        and sync_id_remote_site is not null
),
newcomer as (
    select distinct table_name, record_id, site
    from candidate
    where pass = getvariable('pass') and table_name in ('name', 'clinician')
        and owner_id is null and refusal is null
),
told as (
    select 'name' as table_name, party_id as record_id, owner_id as store_id
    from candidate
    where table_name = 'name_store_join' and refusal is null and action in ('insert', 'update')
    union all
    select 'name', "name_ID", "store_ID" from records.name_store_join
    semi join newcomer on newcomer.table_name = 'name' and newcomer.record_id = "name_ID"
    union all
    select 'clinician', "prescriber_ID", "store_ID" from records.clinician_store_join
    semi join newcomer
        on newcomer.table_name = 'clinician' and newcomer.record_id = "prescriber_ID"
),
joined as (
    select newcomer.table_name, newcomer.record_id, newcomer.site, dispensary.store_id,
        dispensary.code
    from newcomer
    join told on told.table_name = newcomer.table_name and told.record_id = newcomer.record_id
    join dispensary on dispensary.store_id = told.store_id and dispensary.site = newcomer.site
)
select
    newcomer.table_name, newcomer.record_id, newcomer.site,
    coalesce(
        arg_min(joined.store_id, (joined.code, joined.store_id)),
        arg_min(dispensary.store_id, (dispensary.code, dispensary.store_id))
    ) as store_id
from newcomer
join dispensary on dispensary.site = newcomer.site
left join joined
    on joined.table_name = newcomer.table_name and joined.record_id = newcomer.record_id
    and joined.site = newcomer.site
group by all
"""


def define(con: duckdb.DuckDBPyConnection) -> None:
    """Make the views, and the working tables, empty."""
    con.execute(VIEWS)


def stand(con: duckdb.DuckDBPyConnection) -> None:
    """Make the views, and `party` as the records stand now."""
    define(con)
    con.execute(PARTY)


def look(con: duckdb.DuckDBPyConnection) -> None:
    """Fill `sees` for the pass (variable `pass`) of table `candidate`."""
    con.execute(SEES)


def settle(con: duckdb.DuckDBPyConnection) -> None:
    """Fill `home` for the pass (variable `pass`) of table `candidate`."""
    con.execute(HOME)
