"""Ledgers of the offices: rescue fund, 12345 hotline, night school and notes."""

from pathlib import Path

import numpy as np
import pyarrow as pa

from brigade.sample.calendar import LAST_DAY, all_days, is_closed, is_epidemic, weekday
from brigade.sample.columns import dates, flags, ids, times, whole, words, write
from brigade.sample.crashes import Crashes
from brigade.sample.draw import Ints, Times, at_seconds, pick, pick_by, split, stream
from brigade.sample.parties import crash_ids
from brigade.sample.places import Places

# Published totals of the rescue fund.
RESCUE_CASES, RESCUE_PERSONS, RESCUE_YUAN = 45, 213, 21_970_000
_RESCUE_FROM, _RESCUE_TO = np.datetime64("2018-07-01"), np.datetime64("2022-05-20")
_REASONS = ("超交强险限额", "未投保", "逃逸")
_EXPENSES = ("抢救", "丧葬", "一次性困难救助")
_HOSPITALS = ("示例医院一", "示例医院二", "示例医院三")

_TICKETS = 3_400
_SOURCES = ("12345热线", "网络平台", "县长信箱")
_KINDS = ("咨询", "投诉", "求助", "建议")
_TOPICS = ("停车管理", "信号灯配时", "事故处理", "车驾管业务", "执法争议", "交通拥堵", "标志标线")
_DUE_WORKING_DAYS = 5
_LAST_SECOND = 86_399
_EXTENDED, _RETURNED, _REOPENED, _RATED = 0.06, 0.04, 0.035, 0.7

_STAFF = 118
_COURSES = (
    *("道路交通安全法律法规", "事故现场勘查", "酒驾案件办理", "执法规范化", "车驾管业务"),
    *("信息平台操作", "应急处突", "公文写作"),
)
_DRILL_TOPICS = ("恶劣天气应急", "重大事故救援", "反恐处突", "疫情防控勤务")
_LEAST_NOTES = 10_000


def write_rescue(folder: Path, seed: int, crashes: Crashes) -> None:
    """The extract ``rescue_cases``: the published sums over crashes with dead or injured."""
    rng = stream(seed, "rescue")
    day = crashes.times.astype("datetime64[D]")
    able = np.flatnonzero(crashes.general & (day >= _RESCUE_FROM) & (day <= _RESCUE_TO))
    chosen = rng.choice(able, RESCUE_CASES, replace=False)
    applied = day[chosen] + rng.integers(1, 15, RESCUE_CASES)
    order = np.argsort(applied, kind="stable")
    chosen, applied = chosen[order], applied[order]
    persons = 1 + split(rng, RESCUE_PERSONS - RESCUE_CASES, rng.gamma(1.5, 1, RESCUE_CASES))
    # Hundreds of yuan, so that the sums look like sums of money.
    size = RESCUE_CASES
    weights = persons * rng.gamma(4, 1, size)
    amount = 100 * (100 + split(rng, RESCUE_YUAN // 100 - 100 * size, weights))
    reason = pick(rng, (40, 35, 25), RESCUE_CASES)
    fatal = crashes.deaths[chosen] > 0
    expense = np.where(fatal, pick(rng, (4, 5, 1), RESCUE_CASES), pick(rng, (9, 0, 1), size))
    back = np.round(amount * rng.uniform(0.1, 0.6, size), -2)
    recovered = np.where(rng.random(size) < 0.5, back, -1)
    write(
        folder,
        "rescue_cases",
        {
            "case_id": ids("R", np.arange(1, RESCUE_CASES + 1), 4),
            "crash_id": crash_ids(crashes).take(pa.array(chosen)),
            "applied_on": dates(applied),
            "paid_on": dates(applied + rng.integers(2, 20, RESCUE_CASES)),
            "persons": whole(persons),
            "amount_yuan": whole(amount),
            "reason": words(_REASONS, reason),
            "expense_kind": words(_EXPENSES, expense),
            "recovered_yuan": whole(recovered, recovered >= 0),
            "hospital": words(_HOSPITALS, rng.integers(0, 3, RESCUE_CASES), expense == 0),
        },
        keys=["case_id"],
    )


def write_hotline(folder: Path, seed: int, places: Places) -> None:
    """The extract ``hotline_tickets``: due in five working days, unless extended."""
    rng = stream(seed, "hotline")
    days = all_days()
    chance = np.array((1.2, 1.1, 1.0, 1.0, 1.05, 0.6, 0.5))[weekday(days)]
    chance *= np.where(is_epidemic(days), 1.4, 1) * (1 + 0.1 * np.arange(len(days)) / 365)
    day = days[np.sort(pick(rng, chance, _TICKETS))]
    received = np.sort(at_seconds(day, rng.normal(13.5 * 3600, 3 * 3600, _TICKETS).clip(0, 86399)))
    day = received.astype("datetime64[D]")
    due = _working_days_after(day, np.full(_TICKETS, _DUE_WORKING_DAYS))
    extended = rng.random(_TICKETS) < _EXTENDED
    extended_to = _working_days_after(due, np.full(_TICKETS, _DUE_WORKING_DAYS))
    kind = pick(rng, (34, 40, 18, 8), _TICKETS)
    topic = pick_by(
        rng,
        (
            (10, 8, 16, 48, 8, 4, 6),
            (42, 10, 14, 6, 14, 10, 4),
            (18, 4, 34, 16, 4, 14, 10),
            (22, 30, 2, 4, 2, 16, 24),
        ),
        kind,
    )
    returned = rng.random(_TICKETS) < _RETURNED
    taken = np.minimum(rng.gamma(2.4, 1.15, _TICKETS), 14)
    taken = np.where(extended, taken + 4, taken).astype(np.int64)
    answered_day = _working_days_after(day, taken)
    replied = at_seconds(answered_day, rng.integers(9 * 3600, 17 * 3600, _TICKETS))
    replied = np.maximum(replied, received + np.timedelta64(1800, "s"))
    closed: Times = replied + rng.integers(3600, 2 * 86400, _TICKETS).astype("timedelta64[s]")
    sent_back: Times = received + rng.integers(1800, 86400, _TICKETS).astype("timedelta64[s]")
    end = (LAST_DAY + 1).astype("datetime64[s]")
    is_replied, is_closed_ = ~returned & (replied < end), ~returned & (closed < end)
    pleased = rng.random(_TICKETS) < np.array((0.97, 0.88, 0.94, 0.95))[kind]
    write(
        folder,
        "hotline_tickets",
        {
            "ticket_id": ids("Z", np.arange(1, _TICKETS + 1), 5),
            "received_at": times(received),
            "source": words(_SOURCES, pick(rng, (78, 18, 4), _TICKETS)),
            "kind": words(_KINDS, kind),
            "topic": words(_TOPICS, topic),
            "township": words(places.townships, pick(rng, places.traffic, _TICKETS)),
            "due_at": times(at_seconds(due, _LAST_SECOND)),
            "extended_to": times(at_seconds(extended_to, _LAST_SECOND), extended),
            "returned_at": times(sent_back, returned & (sent_back < end)),
            "replied_at": times(replied, is_replied),
            "closed_at": times(closed, is_closed_),
            "reopened": flags((rng.random(_TICKETS) < _REOPENED) & is_closed_),
            "satisfied": flags(pleased, is_closed_ & (rng.random(_TICKETS) < _RATED)),
        },
        keys=["ticket_id"],
    )


def _working_days_after(days: Times, count: Ints) -> Times:
    """So many working days on; what comes in on a day off counts from the next working day."""
    around = np.arange(np.datetime64("2017-01-01"), np.datetime64("2022-08-01"))
    off = around[is_closed(around) & (weekday(around) < 5)]
    return np.busday_offset(days, count, roll="backward", holidays=off)


def write_training(folder: Path, seed: int) -> None:
    """The extracts ``training_sessions`` and ``training_notes``: Wednesdays for a year."""
    rng = stream(seed, "training")
    nights = np.arange(np.datetime64("2021-07-07"), np.datetime64("2022-06-30"), 7)
    drills = np.datetime64("2021-07-16") + np.arange(12) * 28
    start = np.concatenate([at_seconds(nights, [19 * 3600]), at_seconds(drills, [9 * 3600])])
    is_drill = np.arange(len(start)) >= len(nights)
    length = np.where(is_drill, 3 * 3600, 2 * 3600).astype("timedelta64[s]")
    topic = np.where(
        is_drill,
        len(_COURSES) + np.arange(len(start)) % len(_DRILL_TOPICS),
        np.arange(len(start)) % len(_COURSES),
    )
    expected = np.where(is_drill, 60, _STAFF)
    order = np.argsort(start, kind="stable")
    write(
        folder,
        "training_sessions",
        {
            "session_id": ids("N", np.arange(1, len(start) + 1), 3),
            "held_at": times(start[order]),
            "ends_at": times((start + length)[order]),
            "topic": words((*_COURSES, *_DRILL_TOPICS), topic[order]),
            "kind": words(("交警夜校", "演练"), is_drill[order]),
            "expected": whole(expected[order]),
            "attended": whole(rng.binomial(expected, 0.93)[order]),
        },
        keys=["session_id"],
    )
    person = np.tile(np.arange(1, _STAFF + 1), 2)
    write(
        folder,
        "training_notes",
        {
            "person_no": ids("N", person, 3),
            "year": whole(np.repeat([2021, 2022], _STAFF)),
            "note_chars": whole(_LEAST_NOTES + rng.gamma(2, 1400, len(person))),
        },
    )
