-- title: 训练天数 | Days of training
-- grain: one row
select count(distinct day) as training_days
from training_sessions
