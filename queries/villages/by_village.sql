-- title: 每个村还缺几类？ | How many of the eight does each village lack?
-- grain: one row per village
-- compare: none
-- note: 每格一个行政村，按乡镇排列；点一格只看该村。筛选了设施时只数所选的几类。 | One square for each village (行政村), by township; a click narrows to that village. Under a filter on facilities only those chosen are counted.
with counted as (
  select
    township,
    village,
    village_code,
    min(township_code) as first_code,
    sum(case when lacking then records else 0 end) as items_lacking,
    sum(case when not working then records else 0 end) as items_faulty
  from village_items
  group by township, village, village_code
)
select township, village, village_code, items_lacking, items_faulty
from counted
order by first_code, village_code
