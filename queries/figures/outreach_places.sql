-- title: 宣传到的地方 | Places of safety talks
-- grain: one row
select count(distinct concat(coalesce(township, ''), ' ', venue)) as outreach_places
from outreach
where venue is not null
