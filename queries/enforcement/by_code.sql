-- title: 最多的违法行为 | The most frequent violations
-- grain: one row per code and text
-- note: 同一行为在不同年份代码可能不同，跨年比较请按类别。 | The same violation may have another code in another year: to compare years, group by category.
select
  violation_code,
  violation_name,
  coalesce(violation_code || ' ' || violation_name, violation_name, violation_code)
    as code_and_name,
  sum(records) as violations
from violations
group by violation_code, violation_name
order by violations desc, violation_code, violation_name
