-- title: 每件救助与它的事故（累计） | Each case and its crash (to date)
-- grain: one row per case
-- compare: none
-- note: 点一行，下面列出那起事故和当事方。 | Click a row: its crash and the parties are listed below.
select
  rescue_cases_to_date.case_id,
  rescue_cases_to_date.crash_id,
  rescue_cases_to_date.applied_on,
  rescue_cases_to_date.paid_on,
  rescue_cases_to_date.reason,
  rescue_cases_to_date.expense_kind,
  rescue_cases_to_date.hospital,
  rescue_cases_to_date.township,
  rescue_cases_to_date.persons as rescue_persons,
  rescue_cases_to_date.amount_yuan as rescue_yuan,
  rescue_cases_to_date.recovered_yuan as recovered_yuan_sum,
  crashes_to_date.day as crash_day,
  crashes_to_date.deaths as deaths,
  crashes_to_date.injuries as injuries
from rescue_cases_to_date
left join crashes_to_date on crashes_to_date.crash_id = rescue_cases_to_date.crash_id
order by rescue_cases_to_date.applied_on desc, rescue_cases_to_date.case_id
