-- title: 考场与考试种类 | Test sites and kinds of test
-- grain: one row
-- note: 摩托车考试另为一类。 | Motorcycle tests are a kind of their own.
select
  count(distinct site) as test_sites,
  count(distinct case when licence_group = '摩托车 D/E/F' then licence_group else subject end)
    as test_kinds
from driving_tests
