-- title: 八个一覆盖情况 | Coverage of the eight facilities
-- grain: one row
-- adds: complete_share, installed_share
-- note: 只计行政村，不计社区；截至期末。 | Villages (行政村) only, no communities; as of the period's end.
select
  count(distinct village_code) as villages,
  count(distinct case when complete then village_code end) as villages_complete,
  coalesce(sum(records), 0) as items_expected,
  coalesce(sum(case when not lacking then records else 0 end), 0) as items_installed
from village_items
