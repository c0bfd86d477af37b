-- title: 台账数量（按单位） | Quantities of the ledger by unit
-- grain: one row per unit
-- compare: none
-- note: 不同单位不相加。 | Quantities of different units are never added.
select unit, sum(quantity) as ledger_quantity
from work_ledger
group by unit
order by unit
