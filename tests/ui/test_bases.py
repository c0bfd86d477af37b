"""A rate or a percentile is always shown with the number of records that it is made of."""

from datetime import date, datetime, timedelta
from typing import Any

from brigade.results import Result
from brigade.ui.charts import Bar, Chart, Heat, Range, draw
from tests.conftest import Given, run


def hovers(chart: Chart, result: Result) -> list[dict[str, str]]:
    """What hovering over each mark shows: title → text, one for each mark."""
    spec = draw(chart, result, lang="en", dark=False, chosen={}).spec
    boxes: list[list[dict[str, Any]]] = [
        layer["encoding"]["tooltip"] for layer in spec["layer"] if layer["encoding"].get("tooltip")
    ]
    assert boxes
    return [
        {line["title"]: datum[line["field"]] for line in boxes[0]}
        for datum in spec["datasets"]["rows"]
    ]


def test_a_percentile_is_shown_with_its_tickets(given: Given) -> None:
    drawn = datetime(2022, 3, 7, 9)
    tickets = [
        {
            "record_id": str(number),
            "hall": "县车管所",
            "ticket_at": drawn,
            "called_at": drawn + timedelta(minutes=minutes),
            "finished_at": drawn + timedelta(minutes=minutes + 5),
        }
        for number, minutes in enumerate((10, 20, 30))
    ]
    engine = given(service_records=tickets)
    cells = run(engine, "vehicles/wait_by_hall_hour")
    (cell,) = hovers(Heat(x="ticket_hour", y="hall", value="wait_p90"), cells)
    assert (cell["Waiting, 90th percentile"], cell["Timed tickets"]) == ("28.0 min", "3")
    halls = run(engine, "vehicles/wait_by_hall")
    (hall,) = hovers(Range(y="hall", low="wait_median", high="wait_p90"), halls)
    assert (hall["Waiting, median"], hall["Timed tickets"]) == ("20.0 min", "3")


def test_a_schools_pass_rate_is_shown_with_the_tests_sat(given: Given) -> None:
    results = ["合格", "不合格", "缺考"]
    sittings = [
        {"test_id": str(n), "school": "小驾校", "result": r, "tested_on": date(2022, 3, 7)}
        for n, r in enumerate(results)
    ]
    schools = run(given(driving_tests=sittings), "vehicles/tests_by_school")
    (school,) = hovers(Bar(y="school", x="pass_rate"), schools)
    assert (school["Pass rate"], school["Tests sat"]) == ("50.0 %", "2")
