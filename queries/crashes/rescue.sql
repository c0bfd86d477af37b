-- title: 时段内申请的救助 | Rescue applied for in the period
-- grain: one row
-- adds: recovered_share, rescued_share
-- note: 得到救助的伤亡事故：事故发生在时段内；救助可在以后申请，临近期末的还会增加。 | Casualty crashes with a case: crashes of the period; a case may follow later, so the last weeks still grow.
with cases as (
  select
    coalesce(sum(records), 0) as rescue_cases,
    case when sum(records) is null then 0 else sum(persons) end as rescue_persons,
    case when sum(records) is null then 0 else sum(amount_yuan) end as rescue_yuan,
    sum(recovered_yuan) as recovered_yuan_sum,
    quantile_cont(days_to_payment, 0.5) as payment_median,
    quantile_cont(days_to_payment, 0.9) as payment_p90
  from rescue_cases
),
helped as (
  select distinct crash_id
  from rescue_cases_to_date
),
happened as (
  select
    case when sum(records) is null then 0 else
      sum(case when injury_crash then records when injury_crash is not null then 0 end)
    end as casualty_crashes,
    case when sum(records) is null then 0 else
      sum(case when injury_crash and helped.crash_id is not null then records
          when injury_crash is not null then 0 end)
    end as crashes_rescued
  from crashes
  left join helped on helped.crash_id = crashes.crash_id
)
select
  cases.rescue_cases,
  cases.rescue_persons,
  cases.rescue_yuan,
  cases.recovered_yuan_sum,
  cases.payment_median,
  cases.payment_p90,
  happened.casualty_crashes,
  happened.crashes_rescued
from cases
cross join happened
