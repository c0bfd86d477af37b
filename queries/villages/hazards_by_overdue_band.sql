-- title: 超期了多久？ | How long overdue?
-- grain: one row per band of days, also where it is empty
-- note: 截至期末。 | As of the period's end.
with bands as (
  select '1–30 天' as band, 1 as place
  union all select '31–90 天', 2
  union all select '91–180 天', 3
  union all select '180 天以上', 4
)
select bands.band as overdue_band, coalesce(sum(hazards.records), 0) as hazards_overdue
from bands
left join hazards on hazards.overdue_band = bands.band
group by bands.band, bands.place
order by bands.place
