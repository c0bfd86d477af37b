-- title: 危害最大的路段（各程序） | Stretches with most harm (any procedure)
-- grain: one row per stretch
-- note: 未记录公里数的合为一项，排在最后。每段只有几起时，名次多属偶然：选几年的时段再比。 | Crashes without a recorded kilometre are one item at the end. With a few crashes each, the order is mostly chance: choose a period of several years.
select
  stretch,
  sum(records) as crashes_any,
  sum(deaths) as deaths,
  sum(injuries) as injuries,
  sum(
    case when deaths is not null or injuries is not null then
      crash_weight * records + injury_weight * coalesce(injuries, 0)
      + death_weight * coalesce(deaths, 0)
    end
  ) as harm
from crashes
cross join severity_weights
group by stretch
order by case when stretch is null then 1 else 0 end, harm desc nulls last, crashes_any desc, stretch
