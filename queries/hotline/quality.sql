-- title: 办理质量 | How well they are handled
-- grain: one row
-- adds: tickets_overdue_share, reopened_share, satisfaction
-- ignores: hotline_tickets.replied, hotline_tickets.closed, hotline_tickets.state, hotline_tickets.overdue, hotline_tickets.reopened, hotline_tickets.satisfied
select
  coalesce(sum(case when state = '办理中' then records else 0 end), 0) as tickets_open,
  case when sum(records) is null then 0 else
    sum(case when overdue then records when overdue is not null then 0 end)
  end as tickets_overdue,
  coalesce(sum(case when overdue is not null then records else 0 end), 0) as deadlines_known,
  case when sum(records) is null then 0 else
    sum(case when reopened then records when reopened is not null then 0 end)
  end as tickets_reopened,
  coalesce(sum(case when reopened is not null then records else 0 end), 0) as reopening_known,
  case when sum(records) is null then 0 else
    sum(case when satisfied then records when satisfied is not null then 0 end)
  end as tickets_satisfied,
  coalesce(sum(case when satisfied is not null then records else 0 end), 0) as tickets_rated
from hotline_tickets
