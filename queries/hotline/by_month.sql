-- title: 逐月工单 | Tickets by month
-- grain: one row per month
-- adds: tickets_overdue_share, reopened_share, satisfaction
-- ignores: hotline_tickets.replied, hotline_tickets.closed, hotline_tickets.state, hotline_tickets.overdue, hotline_tickets.reopened, hotline_tickets.satisfied
-- note: 按受理月份。 | By the month received.
select
  month,
  sum(records) as tickets,
  sum(case when state = '办理中' then records else 0 end) as tickets_open,
  sum(case when overdue then records when overdue is not null then 0 end) as tickets_overdue,
  sum(case when overdue is not null then records else 0 end) as deadlines_known,
  sum(case when reopened then records when reopened is not null then 0 end) as tickets_reopened,
  sum(case when reopened is not null then records else 0 end) as reopening_known,
  sum(case when satisfied then records when satisfied is not null then 0 end) as tickets_satisfied,
  sum(case when satisfied is not null then records else 0 end) as tickets_rated,
  sum(case when replied then records else 0 end) as tickets_replied,
  quantile_cont(case when replied then reply_hours end, 0.5) / 24 as reply_median,
  quantile_cont(case when replied then reply_hours end, 0.9) / 24 as reply_p90,
  sum(case when closed then records else 0 end) as tickets_closed,
  quantile_cont(case when closed then close_hours end, 0.5) / 24 as close_median,
  quantile_cont(case when closed then close_hours end, 0.9) / 24 as close_p90
from hotline_tickets
group by month
order by month
