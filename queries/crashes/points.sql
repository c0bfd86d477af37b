-- title: 位置图（各程序） | Map (any procedure)
-- grain: one row per grid cell
-- note: 一点是约半公里见方的一格，面积与事故起数成正比；横纵同一比例，没有底图。 | A point is a cell of some half a kilometre; its area is the number of crashes. East and north have one scale; there is no map under it.
select
  grid_cell,
  round(longitude * 200) / 200 as longitude,
  round(latitude * 200) / 200 as latitude,
  sum(records) as crashes_any,
  sum(deaths) as deaths,
  sum(injuries) as injuries,
  sum(
    case when deaths is not null or injuries is not null then
      crash_weight * records + injury_weight * coalesce(injuries, 0)
      + death_weight * coalesce(deaths, 0)
    end
  ) as harm
from crashes
cross join severity_weights
group by grid_cell, round(longitude * 200) / 200, round(latitude * 200) / 200
order by crashes_any desc, grid_cell
