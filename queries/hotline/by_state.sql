-- title: 办到哪一步？ | How far have they come?
-- grain: one row per state
-- note: 截至期末。 | As of the period's end.
select state, sum(records) as tickets
from hotline_tickets
group by state
order by tickets desc, state
