-- title: 头盔或安全带（一般程序）：谁受伤、谁死亡 | Helmet or seat belt (general procedure): who was hurt, who died
-- grain: one row per protected and injury
-- ignores: crashes.fatal, crashes.injury_crash, crashes.severe, crashes.rural, crashes.severity, crashes.stretch, crashes.grid_cell, crashes.determination, crashes.year, crashes.month, crashes.day, crashes.merged_into, crashes.village_code_now
select
  protected,
  injury,
  sum(case when procedure = '一般程序' then records when procedure is not null then 0 end) as parties,
  sum(records) as parties_any
from crash_parties
group by protected, injury
order by
  case injury when '死亡' then 1 when '受伤' then 2 when '无' then 3 else 4 end,
  protected
