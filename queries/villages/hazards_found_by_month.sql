-- title: 逐月排查 | Found by month
-- grain: one row per month
-- ignores: hazards.state, hazards.overdue_band
-- note: 按排查日期。 | By the date found.
select cast(date_trunc('month', found_on) as date) as month, sum(records) as hazards_found
from hazards
where found_in_period
group by cast(date_trunc('month', found_on) as date)
order by month
