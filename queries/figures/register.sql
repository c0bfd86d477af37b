-- title: 名录中的行政村 | Villages of the register
-- grain: one row
-- compare: none
select coalesce(sum(case when kind = '行政村' then records end), 0) as villages
from villages
