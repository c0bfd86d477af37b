-- title: 台账里的隐患处在什么状态？ | In what state are the listed hazards?
-- grain: one row per state
-- note: 截至期末。 | As of the period's end.
select state, sum(records) as hazards_listed
from hazards
where listed
group by state
order by hazards_listed desc, state
