-- title: 学习笔记 | Notes
-- grain: one row
-- compare: none
select
  coalesce(sum(records), 0) as notes_kept,
  min(note_chars) as note_chars_least
from training_notes
