-- title: 地点 | Places
-- grain: one row
-- adds: stretch_share, located_share
select
  coalesce(sum(records), 0) as crashes_any,
  case when sum(records) is null then 0 else
    sum(
      case when deaths is not null or injuries is not null then
        crash_weight * records + injury_weight * coalesce(injuries, 0)
        + death_weight * coalesce(deaths, 0)
      end
    )
  end as harm,
  coalesce(sum(case when stretch is not null then records else 0 end), 0) as crashes_on_stretches,
  coalesce(sum(case when grid_cell is not null then records else 0 end), 0) as crashes_located
from crashes
cross join severity_weights
