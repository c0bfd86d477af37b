-- title: 宣传活动 | Safety talks and visits
-- grain: one row
-- note: 宣传台账没有行政村代码，只能到乡镇。 | The outreach ledger has no village code: it reaches the township only.
select
  coalesce(sum(records), 0) as outreach_events,
  case when sum(records) is null then 0 else sum(attendees) end as outreach_attendees,
  case when sum(records) is null then 0 else sum(leaflets) end as outreach_leaflets
from outreach
