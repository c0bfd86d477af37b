-- title: 笔记写了多少字？ | How long are the notes?
-- grain: one row per band of length
-- compare: none
-- ignores: training_notes.year
-- note: 期末所在年度。 | The year of the period's end.
with bands as (
  select '不足 0.5 万字' as band, 1 as place
  union all select '0.5–1 万字', 2
  union all select '1–1.5 万字', 3
  union all select '1.5 万字以上', 4
)
select bands.band as chars_band, coalesce(sum(training_notes.records), 0) as note_takers
from bands
left join training_notes on training_notes.chars_band = bands.band and training_notes.current_year
group by bands.band, bands.place
order by bands.place
