-- title: 哪个乡镇的哪类设施还要补、要修？ | Which township still lacks which facility, or has it damaged?
-- grain: one row per township and facility
-- adds: working_share, installed_share
-- compare: none
-- note: 每格是完好的村数占行政村数之比，不计社区；点一格，下面的清单列出缺少、损坏或停用的村。 | Each cell is the share of villages (行政村, no communities) where the facility works; a click lists below the villages that lack it or have it damaged or out of use.
with counted as (
  select
    township,
    item,
    min(township_code) as first_code,
    sum(records) as items_expected,
    sum(case when not lacking then records else 0 end) as items_installed,
    sum(case when working then records else 0 end) as items_working,
    sum(case when state = '损坏' then records else 0 end) as items_damaged,
    sum(case when state = '停用' then records else 0 end) as items_disused,
    sum(case when lacking then records else 0 end) as items_lacking,
    sum(case when not working then records else 0 end) as items_faulty
  from village_items
  group by township, item
)
select
  township,
  item,
  items_expected,
  items_installed,
  items_working,
  items_damaged,
  items_disused,
  items_lacking,
  items_faulty
from counted
order by
  first_code,
  case item
    when '劝导站' then 1 when '宣传栏' then 2 when '标语' then 3 when '震荡带' then 4
    when '提示牌' then 5 when '爆闪灯' then 6 when '广角镜' then 7 when '喇叭' then 8
  end
