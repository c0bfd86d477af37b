-- title: 学习笔记 | Training notes
-- grain: one row
-- adds: notes_mean, notes_enough_share
-- compare: none
-- ignores: training_notes.year, training_notes.chars_band
-- note: 笔记按年度统计，这里是期末所在年度。 | Notes are counted by year: this is the year of the period's end.
select
  coalesce(sum(records), 0) as note_takers,
  coalesce(sum(case when note_chars is not null then records else 0 end), 0) as notes_counted,
  coalesce(sum(note_chars), 0) as note_chars_total,
  coalesce(sum(case when note_chars >= 10000 then records else 0 end), 0) as notes_enough
from training_notes
where current_year
