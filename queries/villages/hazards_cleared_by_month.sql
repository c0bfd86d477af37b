-- title: 逐月销号 | Cleared by month
-- grain: one row per month
-- ignores: hazards.state, hazards.overdue_band
-- note: 按销号日期，不论何时排查出。 | By the date cleared, whenever found.
select cast(date_trunc('month', cleared_on) as date) as month, sum(records) as hazards_closed
from hazards
where cleared_in_period
group by cast(date_trunc('month', cleared_on) as date)
order by month
