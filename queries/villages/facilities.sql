-- title: 八个一逐项 | The eight facilities one by one
-- grain: one row per village and facility
-- compare: none
-- note: 截至期末；社区不在八个一之列。 | As of the period's end; communities are not part of the programme.
select village, item, state, installed_on, inspected_on, village_code
from village_items
order by
  village_code,
  case item
    when '劝导站' then 1 when '宣传栏' then 2 when '标语' then 3 when '震荡带' then 4
    when '提示牌' then 5 when '爆闪灯' then 6 when '广角镜' then 7 when '喇叭' then 8
  end
