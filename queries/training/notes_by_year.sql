-- title: 历年人均笔记字数 | Notes a head, by year
-- grain: one row per year
-- adds: notes_mean, notes_enough_share
-- compare: none
-- ignores: training_notes.chars_band
select
  year,
  sum(records) as note_takers,
  sum(case when note_chars is not null then records else 0 end) as notes_counted,
  sum(note_chars) as note_chars_total,
  sum(case when note_chars >= 10000 then records else 0 end) as notes_enough
from training_notes
group by year
order by year
