-- title: 群众反映什么？ | What do people ask for?
-- grain: one row per topic and kind of request
select topic, kind, sum(records) as tickets
from hotline_tickets
group by topic, kind
order by sum(sum(records)) over (partition by topic) desc, topic, kind
