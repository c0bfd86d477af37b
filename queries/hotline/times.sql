-- title: 工单数与用时 | Tickets and time taken
-- grain: one row
-- ignores: hotline_tickets.replied, hotline_tickets.closed, hotline_tickets.state, hotline_tickets.overdue, hotline_tickets.reopened, hotline_tickets.satisfied
select
  coalesce(sum(records), 0) as tickets,
  coalesce(sum(case when replied then records else 0 end), 0) as tickets_replied,
  quantile_cont(case when replied then reply_hours end, 0.5) / 24 as reply_median,
  quantile_cont(case when replied then reply_hours end, 0.9) / 24 as reply_p90,
  coalesce(sum(case when closed then records else 0 end), 0) as tickets_closed,
  quantile_cont(case when closed then close_hours end, 0.5) / 24 as close_median,
  quantile_cont(case when closed then close_hours end, 0.9) / 24 as close_p90
from hotline_tickets
