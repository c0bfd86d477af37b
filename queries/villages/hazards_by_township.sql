-- title: 哪个乡镇还有隐患没有销号？ | Which township has hazards not cleared?
-- grain: one row per township
-- note: 截至期末。 | As of the period's end.
select
  township,
  sum(case when state in ('整改中', '已超期', '反弹') then records else 0 end) as hazards_open,
  sum(case when state = '已超期' then records else 0 end) as hazards_overdue,
  sum(case when state = '反弹' then records else 0 end) as hazards_relapsed,
  sum(records) as hazards_listed
from hazards
where listed
group by township
order by hazards_open desc, township
