-- description: One row per offered line that its site was sent already. A landing line is one version of one record, so its number is all there is to compare.
-- load: working
-- given: offered
select offered.asking, offered.cursor
from outbox.owed as owed
join offered on offered.asking = owed.site and offered.cursor = owed.cursor
