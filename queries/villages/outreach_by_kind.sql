-- title: 各类场所的宣传活动 | Safety talks and visits by kind of venue
-- grain: one row per kind of venue
-- note: 宣传台账没有行政村代码，只能到乡镇。 | The outreach ledger has no village code: it reaches the township only.
select
  venue_kind,
  sum(records) as outreach_events,
  sum(attendees) as outreach_attendees,
  sum(leaflets) as outreach_leaflets
from outreach
group by venue_kind
order by outreach_events desc, venue_kind
