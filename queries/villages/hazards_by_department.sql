-- title: 哪个部门有超期隐患？ | Which department has hazards overdue?
-- grain: one row per department
-- note: 截至期末；点一个部门，下面只列它的超期隐患。 | As of the period's end; a click lists below the hazards that the department has overdue.
select
  department,
  sum(case when state = '已超期' then records else 0 end) as hazards_overdue,
  sum(case when state = '反弹' then records else 0 end) as hazards_relapsed,
  sum(case when state in ('整改中', '已超期', '反弹') then records else 0 end) as hazards_open,
  sum(records) as hazards_listed
from hazards
where listed
group by department
order by hazards_overdue desc, department
