-- title: 超期了多久？ | How long overdue?
-- grain: one row per band of days
-- note: 截至期末。 | As of the period's end.
select overdue_band, sum(records) as hazards_overdue
from hazards
where state = '已超期'
group by overdue_band
order by min(overdue_days)
