-- title: 救助累计 | Rescue to date
-- grain: one row
-- adds: persons_per_case, yuan_per_case, recovered_share_to_date
-- compare: none
-- note: 从有记录起累计到时段最后一天。 | From the first record to the period's last day.
select
  coalesce(sum(records), 0) as rescue_cases_to_date,
  case when sum(records) is null then 0 else
    sum(persons)
  end as rescue_persons_to_date,
  case when sum(records) is null then 0 else
    sum(amount_yuan)
  end as rescue_yuan_to_date,
  sum(recovered_yuan) as recovered_to_date
from rescue_cases_to_date
