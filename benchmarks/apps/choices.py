"""What a reader chooses between in the apps that Brigade is compared with."""

from datetime import date

PERIODS = {
    "今年": (date(2022, 1, 1), date(2022, 6, 30)),
    "去年": (date(2021, 1, 1), date(2021, 12, 31)),
    "近 12 个月": (date(2021, 7, 1), date(2022, 6, 30)),
}
"""The quick periods that Brigade offers on the sample, those of whole months left out."""
