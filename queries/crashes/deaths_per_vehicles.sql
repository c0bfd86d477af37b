-- title: 万车死亡率：逐年 | Deaths per 10,000 vehicles, by year
-- grain: one row per year
-- adds: deaths_per_10k_vehicles
-- compare: none
-- ignores: squadron, road_class, village_code, hour, weekday, vehicle_stock.as_of, vehicle_stock.vehicle_class, crashes.crash_id, crashes.road_name, crashes.procedure, crashes.crash_type, crashes.cause, crashes.weather, crashes.lighting, crashes.involved, crashes.hit_and_run, crashes.drink_driving, crashes.time_recorded, crashes.fatal, crashes.injury_crash, crashes.severe, crashes.rural, crashes.severity, crashes.stretch, crashes.grid_cell, crashes.determination, crashes.year, crashes.month, crashes.day, crashes.merged_into, crashes.village_code_now
-- note: 只列全年数据齐全的年份：未满一年的死亡人数不能除以保有量。 | Only years with data from January to December: deaths in part of a year don't make an annual rate.
with reach as (
  select min(day) as first_day, max(day) as last_day
  from crashes_to_date
),
died as (
  select year, sum(deaths) as deaths_in_year
  from crashes_to_date
  group by year
),
stock as (
  select year(as_of) as year, sum(vehicles) as vehicles_in_june
  from vehicle_stock
  where month(as_of) = 6 and day(as_of) = 30
  group by year(as_of)
)
select died.year as year, died.deaths_in_year, stock.vehicles_in_june
from died
cross join reach
cross join period
left join stock on stock.year = died.year
where make_date(died.year, 1, 31) >= reach.first_day
  and make_date(died.year, 12, 1) <= reach.last_day
  and make_date(died.year, 12, 31) <= period.ends_on
order by died.year
