-- title: 要补要修清单 | What is to be installed or mended
-- grain: one row per village and facility
-- compare: none
-- note: 缺少、损坏或停用的，一村一项一行，截至期末；CSV 含全部各行。 | Lacking, damaged or out of use at the period's end, one row a village and item; the CSV has all of them.
select township, village, item, state, installed_on, inspected_on, village_code
from village_items
where not working
order by township_code, village_code, item
