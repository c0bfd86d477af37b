-- title: 村级设施种类 | Kinds of facility in the villages
-- grain: one row
-- compare: none
select count(distinct item) as facility_kinds
from village_items
where not lacking
