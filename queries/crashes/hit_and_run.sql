-- title: 逃逸事故：认定到哪一步 | Hit and run: determined or not
-- grain: one row per procedure and state of determination
-- note: 截至时段最后一天。数据只记认定，不记侦破：已认定不等于已查获。 | As of the period's last day. The data tell of the determination, not of the driver found: determined is not yet solved.
select procedure, determination, sum(records) as hit_and_run_crashes
from crashes
where hit_and_run
group by procedure, determination
order by
  case procedure when '一般程序' then 1 when '简易程序' then 2 else 3 end,
  case determination when '已认定' then 1 when '未认定，10 日内' then 2 when '未认定，超过 10 日' then 3 else 4 end
