-- title: 群众反映什么？ | What do people ask for?
-- grain: one row per topic and kind of request
with counted as (
  select topic, kind, sum(records) as tickets
  from hotline_tickets
  group by topic, kind
),
ranked as (
  select topic, kind, tickets, sum(tickets) over (partition by topic) as topic_tickets
  from counted
)
select topic, kind, tickets
from ranked
order by topic_tickets desc, topic, kind
