-- description: One row per store or item there is or was: a number that is joined by faster than its id.
-- load: replace
-- scope: unkeyed(id)
-- key: id
-- given: unkeyed
from unkeyed
