-- title: 八个一完好情况 | Condition of the eight facilities
-- grain: one row
-- adds: working_share
-- compare: none
-- note: 只计行政村；按登记的现状，登记册不留损坏的历史，不作比较。 | Villages (行政村) only; as the register has them now. It keeps no history of damage, so nothing is compared.
select
  coalesce(sum(records), 0) as items_expected,
  coalesce(sum(case when working then records else 0 end), 0) as items_working,
  coalesce(sum(case when state = '损坏' then records else 0 end), 0) as items_damaged,
  coalesce(sum(case when state = '停用' then records else 0 end), 0) as items_disused,
  coalesce(sum(case when lacking then records else 0 end), 0) as items_lacking,
  coalesce(sum(case when not working then records else 0 end), 0) as items_faulty
from village_items
